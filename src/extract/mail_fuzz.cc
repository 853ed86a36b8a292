// Fuzz target: messages. The text is bounded.
#include <cstdlib>

#include "base/limits.h"
#include "extract/mail.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  const std::string_view file(reinterpret_cast<const char*>(data), bytes);
  const auto extraction = vexfs::extract::read_mail(file);
  if (extraction.text.size() > 2 * vexfs::limits::kExtractedBytesMax) std::abort();
  return 0;
}
