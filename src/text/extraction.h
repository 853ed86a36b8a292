// What an extractor process answers: its exit status is one of these, its output the text.
#ifndef VEXFS_TEXT_EXTRACTION_H_
#define VEXFS_TEXT_EXTRACTION_H_

#include <string>

namespace vexfs::text {

// Statuses that are not here are those of poppler's pdftotext, or of a shell: damaged.
enum class Verdict : int {
  kText = 0,
  kBinary = 20,       // No text in it: skipped.
  kUnsupported = 21,  // A format whose text VexFS does not read: skipped.
  kDamaged = 22,
  kEncrypted = 23,
  kTooLarge = 24,     // Larger than limits::kDocumentBytesMax, or unpacks to more than
                      // limits::kExtractedBytesMax.
  kNoExtractor = 25,  // The program that reads this format is not there.
  // Of the process itself; never an exit status of ours.
  kCrashed = 100,
  kTimedOut = 101,
};

// For a person: "damaged", "encrypted", ...
const char* describe(Verdict verdict);

struct Extraction {
  Verdict verdict = Verdict::kBinary;
  std::string text;    // UTF-8; headings are lines that start with '#'.
  bool plain = false;  // The text is the file's own bytes.
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_EXTRACTION_H_
