// Kind: which reader a file needs, judged by its content and not by its name.
//
// A new document format begins here: a value of Kind, its MIME types in kind.cc, a reader in a file
// of its own (html.h is an example), and a case in main.cc. Where the format is valid UTF-8,
// is_plain() in text/plain_text.cc must learn to leave it to the extractor.
#ifndef VEXFS_EXTRACT_KIND_H_
#define VEXFS_EXTRACT_KIND_H_

#include <string_view>

namespace vexfs::extract {

enum class Kind { kText, kHtml, kMail, kZip, kUnsupported, kBinary };

// Whether the file is a PDF, which a program of its own reads. It looks at the first bytes alone,
// and no library does: the sandbox differs by the answer.
bool is_pdf(std::string_view file);

// The kind of a file that is no PDF. `file` is the whole content. It loads the database of
// libmagic, which takes some milliseconds.
Kind kind_of(std::string_view file);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_KIND_H_
