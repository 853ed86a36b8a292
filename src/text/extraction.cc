// The wording of verdicts for people.
#include "text/extraction.h"

namespace vexfs::text {

const char* describe(Verdict verdict) {
  switch (verdict) {
    case Verdict::kText:
      return "text";
    case Verdict::kBinary:
      return "no text in it";
    case Verdict::kUnsupported:
      return "a format that is not read";
    case Verdict::kDamaged:
      return "damaged";
    case Verdict::kEncrypted:
      return "encrypted";
    case Verdict::kTooLarge:
      return "unpacks to too much text";
    case Verdict::kCrashed:
      return "its reader crashed";
    case Verdict::kTimedOut:
      return "its reader took too long";
    case Verdict::kNoExtractor:
      return "no reader for it is installed";
  }
  return "unknown";
}

}  // namespace vexfs::text
