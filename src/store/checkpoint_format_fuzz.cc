// Fuzz target: a checkpoint's first page. An accepted page has its sections within the file.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "store/checkpoint_format.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  // Zeros at the end of an input may be left out. Parameters and size are those of the input's own
  // header, so that they do not stop it.
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
