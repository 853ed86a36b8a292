// What an extractor process answers: its exit status is one of these, its output the text.
#ifndef VEXFS_TEXT_EXTRACTION_H_
#define VEXFS_TEXT_EXTRACTION_H_

#include <string>

namespace vexfs::text {

enum class Verdict : int {
  kText = 0,
  kBinary = 3,       // No text in it: skipped.
  kUnsupported = 4,  // A format whose text VexFS does not read: skipped.
  kDamaged = 5,
  kEncrypted = 6,
  kTooLarge = 7,  // Unpacks to more than limits::kExtractedBytesMax.
  kCrashed = 8,   // Of the process itself; never an exit status of ours.
  kTimedOut = 9,
  kNoExtractor = 10,  // The program that reads this format is not there.
};

// For a person: "damaged", "encrypted", ...
const char* describe(Verdict verdict);

struct Extraction {
  Verdict verdict = Verdict::kBinary;
  std::string text;  // UTF-8; headings are lines that start with '#'.
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_EXTRACTION_H_
