// Each verdict has a wording of its own.
#include "text/extraction.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace vexfs::text {
namespace {

TEST(ExtractionTest, WordsTellVerdictsApart) {
  std::set<std::string> words;
  for (const Verdict verdict : {Verdict::kText, Verdict::kBinary, Verdict::kUnsupported,
                                Verdict::kDamaged, Verdict::kEncrypted, Verdict::kTooLarge,
                                Verdict::kNoExtractor, Verdict::kCrashed, Verdict::kTimedOut}) {
    EXPECT_TRUE(words.insert(describe(verdict)).second) << describe(verdict);
  }
}

}  // namespace
}  // namespace vexfs::text
