// Reads documents that are zip archives of XML: OOXML (docx, pptx, xlsx), OpenDocument, EPUB.
#ifndef VEXFS_EXTRACT_ZIP_DOCUMENT_H_
#define VEXFS_EXTRACT_ZIP_DOCUMENT_H_

#include <string_view>

#include "text/extraction.h"

namespace vexfs::extract {

// `file` is the whole archive. kUnsupported when it is a zip archive of something else. All members
// together unpack to limits::kExtractedBytesMax at most, so a zip bomb ends as kTooLarge.
text::Extraction read_zip_document(std::string_view file);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_ZIP_DOCUMENT_H_
