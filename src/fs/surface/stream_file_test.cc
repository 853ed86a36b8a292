// Tests of streams: replies in pieces, and the bound on how many are open.
#include "fs/surface/stream_file.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace vexfs::fs {
namespace {

std::string take(StreamFile& file, size_t bytes) {
  std::string taken(bytes, '\0');
  taken.resize(file.read(taken));
  return taken;
}

TEST(StreamFileTest, ReadsGiveTheReplyUpToItsEnd) {
  std::atomic<uint32_t> count{0};
  const Result<StreamFile*> opened = StreamFile::open(count);
  ASSERT_TRUE(opened.ok());
  const std::unique_ptr<StreamFile> file(opened.value());
  EXPECT_EQ(take(*file, 10), "");
  file->set_reply("0123456789");
  EXPECT_EQ(take(*file, 4), "0123");
  EXPECT_EQ(take(*file, 100), "456789");
  EXPECT_EQ(take(*file, 100), "");
  file->set_reply("another");
  EXPECT_EQ(take(*file, 3), "ano");
  file->set_reply("third");
  EXPECT_EQ(take(*file, 100), "third") << "the next request starts anew";
}

TEST(StreamFileTest, TooManyAreRefusedAndClosingMakesRoom) {
  std::atomic<uint32_t> count{0};
  std::vector<std::unique_ptr<StreamFile>> files;
  for (size_t i = 0; i < limits::kStreamFilesMax; ++i) {
    const Result<StreamFile*> file = StreamFile::open(count);
    ASSERT_TRUE(file.ok());
    files.emplace_back(file.value());
  }
  EXPECT_EQ(StreamFile::open(count).error(), EMFILE);
  files.pop_back();
  const Result<StreamFile*> again = StreamFile::open(count);
  ASSERT_TRUE(again.ok());
  files.emplace_back(again.value());
  files.clear();
  EXPECT_EQ(count, 0U);
}

}  // namespace
}  // namespace vexfs::fs
