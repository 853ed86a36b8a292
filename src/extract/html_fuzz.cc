// Fuzz target: pages. The text of a UTF-8 page without markup is UTF-8.
#include <cstdlib>

#include "extract/html.h"
#include "text/plain_text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  const std::string_view page(reinterpret_cast<const char*>(data), bytes);
  const auto extraction = vexfs::extract::read_html(page);
  if (vexfs::text::is_utf8_text(page, true) && page.find('<') == std::string_view::npos &&
      !vexfs::text::is_utf8_text(extraction.text, true)) {
    std::abort();
  }
  return 0;
}
