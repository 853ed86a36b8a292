// The text of an e-mail: subject, correspondents, and the parts that are text.
#ifndef VEXFS_EXTRACT_MAIL_H_
#define VEXFS_EXTRACT_MAIL_H_

#include <string_view>

#include "text/extraction.h"

namespace vexfs::extract {

// `file` is one message (RFC 5322, MIME). Of alternatives the plain one is read; attachments that
// are not text are named.
text::Extraction read_mail(std::string_view file);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_MAIL_H_
