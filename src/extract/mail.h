// Reads the text of an e-mail: its subject, correspondents and date, and the parts that are text.
#ifndef VEXFS_EXTRACT_MAIL_H_
#define VEXFS_EXTRACT_MAIL_H_

#include <string_view>

#include "text/extraction.h"

namespace vexfs::extract {

// `file` is one message (RFC 5322 with MIME), or a mailbox, of which the first message is read. Of
// alternatives the plain one is read. Attachments that are not text are mentioned by their names.
text::Extraction read_mail(std::string_view file);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_MAIL_H_
