// Fuzz target: a checkpoint's first page. What is taken has its sections within the file.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "store/checkpoint_format.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  // Inputs end at the last byte that is not zero; parameters and size are those that it claims, so
  // that they are not what stops it.
  std::vector<std::byte> page(store::kCheckpointPageBytes);
  std::memcpy(page.data(), data, std::min(bytes, page.size()));
  store::CheckpointHeader claimed;
  std::memcpy(&claimed, page.data(), sizeof(claimed));
  const SpaceParameters parameters{.dim = claimed.dim,
                                   .metric = static_cast<Metric>(claimed.metric),
                                   .element = static_cast<ElementType>(claimed.element),
                                   .m = claimed.m,
                                   .ef_construction = claimed.ef_construction};
  const auto read = store::read_checkpoint_page(store::CheckpointKind::kGraph, page,
                                                claimed.file_bytes, parameters);
  if (!read.ok()) return 0;
  for (const store::CheckpointSectionEntry& section : read.value().sections) {
    const bool is_inside = section.offset >= store::kCheckpointPageBytes &&
                           section.offset <= claimed.file_bytes &&
                           section.bytes <= claimed.file_bytes - section.offset;
    if (!is_inside) std::abort();
  }
  return 0;
}
