// Fuzz target: archives. The text is bounded.
#include <cstdlib>

#include "base/limits.h"
#include "extract/zip_document.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  const std::string_view file(reinterpret_cast<const char*>(data), bytes);
  const auto extraction = vexfs::extract::read_zip_document(file);
  if (extraction.text.size() > 2 * vexfs::limits::kExtractedBytesMax) std::abort();
  return 0;
}
