// Tests of the stamp: every change is seen, and an open without a change counts as none.
#include "fs/backing/content_stamp.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "base/fd.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::fs {
namespace {

class ContentStampTest : public testing::Test {
 protected:
  // The stamp of a file that was left alone for a long time.
  ContentStamp settled() {
    ContentStamp stamp = content_stamp(fd_.get());
    stamp.known = true;
    return stamp;
  }
  void write(const char* text) {
    ASSERT_EQ(::write(fd_.get(), text, 1), 1);
    // Whatever the steps of the clock are, this change falls into a later one.
    const timespec later[2] = {{0, UTIME_OMIT}, {settled().mtime.tv_sec + 1, 0}};
    ASSERT_EQ(::futimens(fd_.get(), later), 0);
  }

  const TemporaryDirectory directory_;
  const Fd fd_ = directory_.create("file", "");
  const std::string path_ = directory_.path("file");
};

TEST_F(ContentStampTest, NothingHappened) {
  const ContentStamp before = settled();
  EXPECT_FALSE(changed_since(before, fd_.get()));
}

TEST_F(ContentStampTest, WhatIsWrittenShows) {
  const ContentStamp before = settled();
  write("x");
  EXPECT_TRUE(changed_since(before, fd_.get()));
}

TEST_F(ContentStampTest, TheSameSizeWithNewTimesShows) {
  write("x");
  const ContentStamp before = settled();
  ASSERT_EQ(::lseek(fd_.get(), 0, SEEK_SET), 0);
  write("y");
  EXPECT_TRUE(changed_since(before, fd_.get()));
}

TEST_F(ContentStampTest, AChangeWithinTheSameStepIsNotTrusted) {
  write("x");
  // The file's change time is this very moment.
  EXPECT_FALSE(content_stamp(fd_.get()).known);
  EXPECT_TRUE(changed_since(content_stamp(fd_.get()), fd_.get()));
}

TEST_F(ContentStampTest, WhatIsNotKnownIsTakenToHaveChanged) {
  EXPECT_TRUE(changed_since(ContentStamp(), fd_.get()));
  EXPECT_FALSE(content_stamp(-1).known);
}

TEST_F(ContentStampTest, AFileWithoutANameIsNothingToFind) {
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  EXPECT_FALSE(changed_since(ContentStamp(), fd_.get()));
}

}  // namespace
}  // namespace vexfs::fs
