// Kind: which reader a file needs, by what is in it.
#ifndef VEXFS_EXTRACT_KIND_H_
#define VEXFS_EXTRACT_KIND_H_

#include <string_view>

namespace vexfs::extract {

enum class Kind { kText, kHtml, kMail, kZip, kPdf, kUnsupported, kBinary };

// Of the whole content, as libmagic sees it. Loads libmagic's database: some milliseconds.
Kind kind_of(std::string_view file);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_KIND_H_
