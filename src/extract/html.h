// Reads the text of an HTML page.
#ifndef VEXFS_EXTRACT_HTML_H_
#define VEXFS_EXTRACT_HTML_H_

#include <string_view>

#include "text/extraction.h"

namespace vexfs::extract {

// `html` is UTF-8. The text starts with the title; headings start with '#'; scripts, styles and
// menus are left out. It uses no recursion, so a page may nest as deep as it likes. kTooLarge where
// the text is longer than limits::kExtractedBytesMax.
text::Extraction read_html(std::string_view html);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_HTML_H_
