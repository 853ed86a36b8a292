// Tests of DirectoryStream: every entry comes once, from any offset, over many blocks.
#include "fs/backing/directory_stream.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/testing/temporary_directory.h"

namespace vexfs::fs {
namespace {

struct Seen {
  std::string name;
  off_t next_offset;
  unsigned char type;
  bool operator==(const Seen&) const = default;
};

class DirectoryStreamTest : public testing::Test {
 protected:
  static constexpr int kFiles = 2000;  // Several blocks of entries.

  void SetUp() override {
    ASSERT_EQ(::mkdirat(directory_.fd().get(), "directory", 0700), 0);
    for (int i = 0; i < kFiles; ++i) directory_.create(name(i).c_str(), "");
  }

  static std::string name(int i) { return "file-with-a-rather-long-name-" + std::to_string(i); }

  std::unique_ptr<DirectoryStream> open() {
    return std::make_unique<DirectoryStream>(
        Fd(::openat(directory_.fd().get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  }

  static std::vector<Seen> read_from(DirectoryStream& stream, off_t offset) {
    const MutexLock lock(stream.mutex());
    EXPECT_TRUE(stream.seek(offset).ok());
    std::vector<Seen> seen;
    DirectoryEntry entry;
    for (;;) {
      const Result<bool> more = stream.peek(entry);
      EXPECT_TRUE(more.ok());
      if (!more.ok() || !more.value()) return seen;
      seen.push_back({entry.name, entry.next_offset, entry.type});
      stream.consume();
    }
  }

  const TemporaryDirectory directory_;
};

TEST_F(DirectoryStreamTest, GivesEveryEntryOnce) {
  std::vector<std::string> names;
  for (const Seen& seen : read_from(*open(), 0)) {
    names.push_back(seen.name);
    EXPECT_EQ(seen.type == DT_REG, seen.name.starts_with("file-"));
  }
  std::vector<std::string> expected = {".", "..", "directory"};
  for (int i = 0; i < kFiles; ++i) expected.push_back(name(i));
  std::sort(names.begin(), names.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(names, expected);
}

TEST_F(DirectoryStreamTest, GoesOnAfterAnyEntry) {
  const auto stream = open();
  const std::vector<Seen> all = read_from(*stream, 0);
  ASSERT_EQ(all.size(), kFiles + 3U);
  for (size_t i = 0; i < all.size(); i += 97) {
    const std::vector<Seen> rest = read_from(*stream, all[i].next_offset);
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    ASSERT_EQ(rest, std::vector<Seen>(first, all.end())) << i;
  }
  EXPECT_EQ(read_from(*stream, 0), all);
}

TEST_F(DirectoryStreamTest, AnEntryThatIsNotTakenComesAgain) {
  const auto opened = open();
  DirectoryStream& stream = *opened;
  const MutexLock lock(stream.mutex());
  DirectoryEntry first;
  DirectoryEntry again;
  ASSERT_TRUE(stream.peek(first).ok());
  ASSERT_TRUE(stream.peek(again).ok());
  EXPECT_STREQ(first.name, again.name);
  stream.consume();
  ASSERT_TRUE(stream.peek(again).ok());
  EXPECT_STRNE(first.name, again.name);
}

TEST_F(DirectoryStreamTest, SaysWhenItCannotRead) {
  DirectoryStream stream(
      Fd(::openat(directory_.fd().get(), name(0).c_str(), O_RDONLY | O_CLOEXEC)));
  const MutexLock lock(stream.mutex());
  DirectoryEntry entry;
  EXPECT_EQ(stream.peek(entry).error(), ENOTDIR);
}

}  // namespace
}  // namespace vexfs::fs
