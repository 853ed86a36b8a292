// The text of an HTML page.
#ifndef VEXFS_EXTRACT_HTML_H_
#define VEXFS_EXTRACT_HTML_H_

#include <string_view>

#include "text/extraction.h"

namespace vexfs::extract {

// `html` is UTF-8. Title first, headings marked, scripts and styles left out. Iterative: pages
// nest as deep as they like.
text::Extraction read_html(std::string_view html);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_HTML_H_
