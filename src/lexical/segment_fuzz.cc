// Fuzz target: images. An image that opens can be searched, merged and opened again.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "lexical/lexical_index.h"
#include "lexical/segment.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  std::vector<uint64_t> aligned(bytes / 8 + 1);
  if (bytes > 0) std::memcpy(aligned.data(), data, bytes);
  const auto image = std::as_bytes(std::span(aligned)).first(bytes);
  const auto segment = lexical::Segment::open(image);
  lexical::LexicalIndex index;
  if (!segment.ok()) return 0;
  if (!index.adopt(image, nullptr).ok()) return 0;
  std::vector<std::string> terms;
  for (uint32_t row = 0; row < segment.value().terms() && row < 8; ++row) {
    terms.emplace_back(segment.value().term(row));
  }
  if (index.search({.terms = terms, .most = 10}).size() > index.size()) std::abort();
  const auto merged = index.merged();
  if (!merged.ok()) std::abort();
  std::vector<uint64_t> copy(merged.value().size() / 8 + 1);
  std::memcpy(copy.data(), merged.value().data(), merged.value().size());
  const auto again = std::as_bytes(std::span(copy)).first(merged.value().size());
  if (!index.adopt(again, nullptr).ok()) std::abort();
  return 0;
}
