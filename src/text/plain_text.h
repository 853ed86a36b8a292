// Plain text: what the daemon reads by itself, because nothing in it needs a parser.
#ifndef VEXFS_TEXT_PLAIN_TEXT_H_
#define VEXFS_TEXT_PLAIN_TEXT_H_

#include <string_view>

namespace vexfs::text {

// Whether `bytes` are UTF-8 without control characters that text does not have (a NUL, say). A
// sequence that the end cuts off is fine where `whole` is false.
bool is_utf8_text(std::string_view bytes, bool whole);

// Whether the file that begins like this is UTF-8 text as it stands. False for what an extractor
// must look at: other encodings, HTML, mail, documents, and anything binary.
bool is_plain(std::string_view beginning, bool whole);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_PLAIN_TEXT_H_
