// Verdict and Extraction: what became of the attempt to get text out of a file.
//
// An extractor process exits with a Verdict as its status and writes the text to its standard
// output. Both sides of that interface, src/extract and extractor.cc, include this header.
#ifndef VEXFS_TEXT_EXTRACTION_H_
#define VEXFS_TEXT_EXTRACTION_H_

#include <string>

namespace vexfs::text {

// The values are exit statuses of vexfs-extract. Any other status is one of poppler's pdftotext or
// of a shell, and counts as kDamaged.
enum class Verdict : int {
  kText = 0,
  // The file has no text in it. It is skipped.
  kBinary = 20,
  // The file is in a format that VexFS does not read. It is skipped.
  kUnsupported = 21,
  kDamaged = 22,
  kEncrypted = 23,
  // The file is larger than limits::kDocumentBytesMax, or it unpacks to more than
  // limits::kExtractedBytesMax.
  kTooLarge = 24,
  // The program that reads this format is not installed.
  kNoExtractor = 25,
  // What happened to the process itself. vexfs-extract never exits with these.
  kCrashed = 100,
  kTimedOut = 101,
};

// The verdict in words for a person: "damaged", "encrypted".
const char* describe(Verdict verdict);

struct Extraction {
  Verdict verdict = Verdict::kBinary;
  std::string text;    // UTF-8. A heading is a line that starts with '#'.
  bool plain = false;  // True where the text is the file's own bytes, as they stand.
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_EXTRACTION_H_
