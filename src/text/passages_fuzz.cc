// Fuzz target: any bytes as text, with any options. Passages advance, lie within the text, and
// cover all of it but white space.
#include <cstdlib>

#include "text/passages.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs::text;
  if (bytes < 2) return 0;
  const PassageOptions options = {size_t{8} + data[0], size_t{data[1]} % (4 + data[0] / 2)};
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, bytes - 2);
  PassageCursor cursor(text, options);
  size_t covered = 0;
  size_t count = 0;
  for (Passage passage; cursor.next(passage); ++count) {
    if (passage.start >= passage.end || passage.end > text.size() || count > bytes) std::abort();
    for (size_t at = covered; at < passage.start; ++at) {
      if (std::string_view(" \n\t\r\f").find(text[at]) == std::string_view::npos) std::abort();
    }
    covered = passage.end;
  }
  return 0;
}
