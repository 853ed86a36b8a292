// Plain text: files that the daemon reads by itself, because nothing in them needs a parser.
#ifndef VEXFS_TEXT_PLAIN_TEXT_H_
#define VEXFS_TEXT_PLAIN_TEXT_H_

#include <string_view>

namespace vexfs::text {

// Whether `bytes` are UTF-8 without the control characters that text does not have, such as NUL.
// `whole` says that nothing follows; where it is false, the last sequence may be incomplete.
bool is_utf8_text(std::string_view bytes, bool whole);

// Whether a file is UTF-8 text as it stands, by its `beginning` (`whole`: that is all of it). False
// for what an extractor must read: other encodings, HTML, mail, documents, and anything binary.
bool is_plain(std::string_view beginning, bool whole);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_PLAIN_TEXT_H_
