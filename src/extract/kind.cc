// libmagic says the MIME type, and the tables below say which reader it needs.
#include "extract/kind.h"

#include <magic.h>

#include <algorithm>
#include <memory>

#include "text/plain_text.h"

namespace vexfs::extract {
namespace {

constexpr std::string_view kZipMark = "PK\x03\x04";

// Types that are plain text, also those whose name does not say so.
bool is_text_type(std::string_view type) {
  return type.starts_with("text/") || type == "application/json" || type == "application/xml" ||
         type == "application/javascript" || type == "application/x-ndjson" ||
         type == "application/postscript" || type == "application/x-setupscript";
}

bool is_zip_type(std::string_view type) {
  return type == "application/zip" || type == "application/epub+zip" ||
         type.starts_with("application/vnd.openxmlformats") ||
         type.starts_with("application/vnd.oasis.opendocument");
}

// Document formats that have no reader here.
bool is_known_document(std::string_view type) {
  return type == "application/msword" || type == "application/vnd.ms-office" ||
         type == "application/CDFV2" || type == "application/vnd.ms-excel" || type == "text/rtf";
}

}  // namespace

// As libmagic and the readers of PDF have it: something may stand before the mark.
bool is_pdf(std::string_view file) {
  constexpr std::string_view kMark = "%PDF-";
  constexpr size_t kBeforeMax = 256;
  return !file.starts_with(kZipMark) &&
         file.substr(0, kBeforeMax + kMark.size()).find(kMark) != std::string_view::npos;
}

Kind kind_of(std::string_view file) {
  if (file.starts_with(kZipMark)) return Kind::kZip;
  const std::unique_ptr<magic_set, void (*)(magic_t)> magic(::magic_open(MAGIC_MIME_TYPE),
                                                            ::magic_close);
  if (magic == nullptr || ::magic_load(magic.get(), nullptr) != 0) return Kind::kText;
  const size_t looked_at = std::min<size_t>(file.size(), 65536);
  const char* found = ::magic_buffer(magic.get(), file.data(), looked_at);
  const std::string_view type = found == nullptr ? "" : found;
  if (type == "text/html" || type == "application/xhtml+xml") return Kind::kHtml;
  if (type == "message/rfc822") return Kind::kMail;
  if (is_zip_type(type)) return Kind::kZip;
  if (is_known_document(type)) return Kind::kUnsupported;
  if (is_text_type(type)) return Kind::kText;
  return Kind::kBinary;
}

}  // namespace vexfs::extract
