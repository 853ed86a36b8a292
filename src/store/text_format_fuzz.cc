// Fuzz target: the front of a kept text. An accepted front has a checksum for each block of text.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "store/text_format.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  // Object and size are those of the input's own header, so that they do not stop it.
  store::TextHeader claimed{};
  // An empty input may be a null pointer, which memcpy does not take.
  if (bytes > 0) std::memcpy(&claimed, data, std::min(bytes, sizeof(claimed)));
  const uint64_t file_bytes = store::text_front_bytes(claimed.text_bytes) + claimed.text_bytes;
  const auto read = store::read_text_front(store::ObjectId{claimed.object},
                                           std::as_bytes(std::span(data, bytes)), file_bytes);
  if (!read.ok()) return 0;
  const bool is_whole = read.value().text_bytes == claimed.text_bytes &&
                        read.value().checksums.size() == store::text_blocks(claimed.text_bytes);
  if (!is_whole) std::abort();
  return 0;
}
