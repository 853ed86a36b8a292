// Extractor programs that work, crash, hang, write without end or are missing: each is a Verdict.
#include "text/extractor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "base/fd.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::text {
namespace {

class ExtractorTest : public testing::Test {
 protected:
  // An extractor program that is a shell script.
  Extractor reader(const std::string& script) {
    const std::string path = directory_.path() + "/reader";
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    EXPECT_EQ(::chmod(path.c_str(), 0755), 0);
    return Extractor(path);
  }

  Fd file(const std::string& content) {
    const std::string path = directory_.path() + "/file";
    std::ofstream(path) << content;
    return Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  }

  TemporaryDirectory directory_;
};

TEST_F(ExtractorTest, PlainTextNeedsNoProcess) {
  const Fd plain = file("plain text\n");
  const auto document = read_document(plain.get(), Extractor("/nonexistent"));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document.value().verdict, Verdict::kText);
  EXPECT_EQ(document.value().text, "plain text\n");
}

TEST_F(ExtractorTest, OthersGoThroughTheReader) {
  const Fd html = file("<html>x");
  const auto document = read_document(html.get(), reader("tr a-z A-Z"));
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document.value().verdict, Verdict::kText);
  EXPECT_EQ(document.value().text, "<HTML>X");
}

TEST_F(ExtractorTest, EveryVerdictComesBack) {
  const Fd empty = file("");
  EXPECT_EQ(reader("exit 20").extract(empty.get()).verdict, Verdict::kBinary);
  EXPECT_EQ(reader("exit 21").extract(empty.get()).verdict, Verdict::kUnsupported);
  EXPECT_EQ(reader("exit 23").extract(empty.get()).verdict, Verdict::kEncrypted);
  EXPECT_EQ(reader("exit 1").extract(empty.get()).verdict, Verdict::kDamaged);
  EXPECT_EQ(reader("exit 100").extract(empty.get()).verdict, Verdict::kDamaged);
}

TEST_F(ExtractorTest, CrashesAndFloodsCostOneFile) {
  const Fd empty = file("");
  EXPECT_EQ(reader("echo half; kill -SEGV $$").extract(empty.get()).verdict, Verdict::kCrashed);
  EXPECT_EQ(reader("kill -XCPU $$").extract(empty.get()).verdict, Verdict::kTimedOut);
  EXPECT_EQ(reader("exec cat /dev/zero").extract(empty.get()).verdict, Verdict::kTooLarge);
  EXPECT_EQ(Extractor("/nonexistent").extract(empty.get()).verdict, Verdict::kNoExtractor);
}

TEST_F(ExtractorTest, OutputThatIsNotTextIsDamage) {
  const Fd empty = file("");
  EXPECT_EQ(reader("printf 'caf\\351'").extract(empty.get()).verdict, Verdict::kDamaged);
  const Extraction cleaned = reader("printf 'a\\001b\\n'").extract(empty.get());
  EXPECT_EQ(cleaned.verdict, Verdict::kText);
  EXPECT_EQ(cleaned.text, "ab\n");
}

}  // namespace
}  // namespace vexfs::text
