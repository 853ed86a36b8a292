// Each kind of file has its outcome.
#include "engine/indexing/document_reader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/storage/testing/storage_fixture.h"

namespace vexfs::engine {
namespace {

class DocumentReaderTest : public StorageFixture {
 protected:
  void put(const std::string& path, const std::string& text) {
    const Fd file(::openat(files_.fd(), path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644));
    ASSERT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::vector<TextPart> read(const TextJob& job) {
    const text::Extractor extractor("/nonexistent");
    DocumentReader reader(*tree_, extractor, {}, storage_->texts());
    std::vector<TextPart> parts;
    reader.read(job, [&](TextPart part) {
      parts.push_back(std::move(part));
      return true;
    });
    return parts;
  }
  TextJob job(const std::string& path) {
    TextJob one;
    one.key = key_of(path);
    return one;
  }
  TextOutcome outcome(const TextJob& of) {
    const std::vector<TextPart> parts = read(of);
    EXPECT_EQ(parts.size(), 1U);
    EXPECT_TRUE(parts.back().last);
    return parts.back().outcome;
  }
};

TEST_F(DocumentReaderTest, FindsTheNameOfAKey) {
  files_.make_directory("d");
  put("d/a.txt", "Some text.");
  const std::vector<TextPart> parts = read(job("d/a.txt"));
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].outcome, TextOutcome::kText);
  EXPECT_EQ(parts[0].name, "a.txt");
  EXPECT_EQ(parts[0].size, 10U);
  EXPECT_TRUE(parts[0].young);
  EXPECT_FALSE(parts[0].keeps_text);
  ASSERT_EQ(parts[0].passages.size(), 1U);
  EXPECT_EQ(parts[0].passages[0].end, 10U);
  ASSERT_EQ(parts[0].terms.size(), 1U);
}

TEST_F(DocumentReaderTest, OpensANameOnlyIfItIsTheFile) {
  put("a", "text");
  put("b", "text");
  auto directory = std::make_shared<TextDirectory>();
  directory->fd = files_.open_root();
  directory->key = tree_->key_of(directory->fd.get()).value();
  TextJob one = job("a");
  one.directory = directory;
  one.name = "a";
  EXPECT_EQ(outcome(one), TextOutcome::kText);
  one.name = "b";
  EXPECT_EQ(outcome(one), TextOutcome::kUnseen);
  one.name = "none";
  EXPECT_EQ(outcome(one), TextOutcome::kUnseen);
}

TEST_F(DocumentReaderTest, SomeFilesAreNoDocuments) {
  files_.make_directory("d");
  put(".vexfsignore", "left\n");
  put("left", "text");
  EXPECT_EQ(outcome(job("left")), TextOutcome::kNoFile);
  EXPECT_EQ(outcome(job("d")), TextOutcome::kNoFile);
  ASSERT_EQ(::mkfifoat(files_.fd(), "fifo", 0600), 0);
  EXPECT_EQ(outcome(job("fifo")), TextOutcome::kNoFile);
  put("gone", "text");
  const TextJob gone = job("gone");
  ASSERT_EQ(::unlinkat(files_.fd(), "gone", 0), 0);
  EXPECT_EQ(outcome(gone), TextOutcome::kUnseen);
}

TEST_F(DocumentReaderTest, SaysWhyAFileHasNoText) {
  put("binary", std::string("\0\1\2", 3));
  std::vector<TextPart> parts = read(job("binary"));
  EXPECT_EQ(parts[0].outcome, TextOutcome::kFailed);
  EXPECT_EQ(parts[0].why, "no reader for it is installed");
  EXPECT_TRUE(parts[0].retry);
  put("large", "");
  ASSERT_EQ(::truncate((files_.path() + "/large").c_str(),
                       static_cast<off_t>(limits::kDocumentBytesMax) + 1),
            0);
  parts = read(job("large"));
  EXPECT_EQ(parts[0].outcome, TextOutcome::kSkipped);
  EXPECT_FALSE(parts[0].why.empty());
}

TEST_F(DocumentReaderTest, ReadsAsIndexedOnlyWhatIsUnchanged) {
  put("a", "text");
  TextJob words = job("a");
  words.as_indexed = true;
  words.words_only = true;
  EXPECT_EQ(outcome(words), TextOutcome::kChanging);
  struct stat stat = {};
  ASSERT_EQ(::fstatat(files_.fd(), "a", &stat, 0), 0);
  words.size = 4;
  words.mtime_ns = int64_t{stat.st_mtim.tv_sec} * 1'000'000'000 + stat.st_mtim.tv_nsec;
  EXPECT_EQ(outcome(words), TextOutcome::kText);
  words.object = store::ObjectId{77};
  words.kept_text = true;
  EXPECT_EQ(outcome(words), TextOutcome::kChanging) << "its text is not kept";
  ASSERT_TRUE(storage_->texts().write(words.object, "kept words").ok());
  const std::vector<TextPart> parts = read(words);
  EXPECT_EQ(parts[0].source->text, "kept words");
}

TEST_F(DocumentReaderTest, LargeDocumentsComeInParts) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "Sentence " + std::to_string(i) + " of many.\n";
  put("long", text);
  const std::vector<TextPart> parts = read(job("long"));
  ASSERT_GT(parts.size(), 1U);
  uint32_t ordinal = 0;
  for (const TextPart& part : parts) {
    EXPECT_EQ(part.first_ordinal, ordinal);
    EXPECT_EQ(part.terms.size(), part.passages.size());
    EXPECT_LE(part.passages.size(), limits::kTextPartPassages);
    EXPECT_EQ(part.last, &part == &parts.back());
    ordinal += static_cast<uint32_t>(part.passages.size());
  }
}

}  // namespace
}  // namespace vexfs::engine
