// Tests of OpenFiles: what all opens of one inode share, and the flags that the node table gets.
#include "fs/backing/open_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <thread>
#include <vector>

namespace vexfs::fs {
namespace {

class OpenFilesTest : public testing::Test {
 protected:
  OpenFilesTest() : passthrough_(false, false), files_(nodes_, passthrough_) {}

  static FileHandle handle(unsigned char number) {
    FileHandle result;
    result.bytes = 8;
    std::memset(result.data, number, result.bytes);
    return result;
  }
  NodeId node(unsigned char number) {
    return nodes_.remember(handle(number), S_IFREG | 0600).value().node;
  }
  OpenFile* open(NodeId node, bool writable) {
    Result<OpenFile*> file =
        files_.open(node, Fd(::open("/dev/null", O_RDWR | O_CLOEXEC)), writable);
    EXPECT_TRUE(file.ok());
    return file.value();
  }

  NodeTable nodes_;
  Passthrough passthrough_;
  OpenFiles files_;
};

TEST_F(OpenFilesTest, TellsTheNodeTableOfOpensAndWriters) {
  const NodeId id = node(1);
  OpenFile* reader = open(id, false);
  EXPECT_TRUE(nodes_.find(handle(1)).open);
  EXPECT_FALSE(nodes_.find(handle(1)).open_for_write);
  OpenFile* writer = open(id, true);
  OpenFile* second = open(id, true);
  EXPECT_TRUE(nodes_.find(handle(1)).open_for_write);
  files_.close(writer);
  EXPECT_TRUE(nodes_.find(handle(1)).open_for_write);
  files_.close(second);
  EXPECT_FALSE(nodes_.find(handle(1)).open_for_write);
  EXPECT_TRUE(nodes_.find(handle(1)).open);
  files_.close(reader);
  EXPECT_FALSE(nodes_.find(handle(1)).open);
}

TEST_F(OpenFilesTest, TheLastWriterTellsWhatWasBeforeTheFirst) {
  const NodeId id = node(1);
  OpenFile* reader = open(id, false);
  ContentStamp before;
  before.known = true;
  before.size = 77;
  OpenFile* first =
      files_.open(id, Fd(::open("/dev/null", O_RDWR | O_CLOEXEC)), true, before).value();
  OpenFile* second = open(id, true);
  EXPECT_FALSE(files_.close(first).has_value());
  EXPECT_FALSE(files_.close(reader).has_value());
  const std::optional<ContentStamp> told = files_.close(second);
  ASSERT_TRUE(told.has_value());
  EXPECT_TRUE(told->known);
  EXPECT_EQ(told->size, 77);
}

TEST_F(OpenFilesTest, KeepsInodesApart) {
  OpenFile* a = open(node(1), true);
  OpenFile* b = open(node(2), false);
  EXPECT_EQ(files_.size(), 2U);
  EXPECT_FALSE(nodes_.find(handle(2)).open_for_write);
  files_.close(a);
  EXPECT_TRUE(nodes_.find(handle(2)).open);
  files_.close(b);
  EXPECT_EQ(files_.size(), 0U);
}

TEST_F(OpenFilesTest, EachOpenHasItsDescriptorAndTheInodeKeepsTheFirst) {
  const NodeId id = node(1);
  EXPECT_EQ(files_.descriptor_of(id), nullptr);
  OpenFile* first = open(id, false);
  OpenFile* second = open(id, false);
  EXPECT_NE(first->fd->get(), second->fd->get());
  EXPECT_EQ(files_.descriptor_of(id), first->fd);
  const int number = first->fd->get();
  files_.close(first);
  ASSERT_NE(files_.descriptor_of(id), nullptr);
  EXPECT_EQ(files_.descriptor_of(id)->get(), number);
  files_.close(second);
  EXPECT_EQ(files_.descriptor_of(id), nullptr);
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST_F(OpenFilesTest, WithoutPassthroughThereIsNoBackingId) {
  OpenFile* file = open(node(1), true);
  EXPECT_EQ(file->backing_id, 0);
  EXPECT_TRUE(file->writable);
  files_.close(file);
}

TEST_F(OpenFilesTest, ARefusedRegistrationIsNoError) {
  Passthrough wanted(true, true);  // Without a session the ioctl fails.
  OpenFiles files(nodes_, wanted);
  const Result<OpenFile*> file =
      files.open(node(1), Fd(::open("/dev/null", O_RDWR | O_CLOEXEC)), true);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file.value()->backing_id, 0);
  files.close(file.value());
}

TEST_F(OpenFilesTest, ThreadsOpenAndCloseOneInode) {
  const NodeId id = node(1);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, id, t] {
      for (int i = 0; i < 500; ++i) {
        OpenFile* file = open(id, (i + t) % 2 == 0);
        EXPECT_NE(files_.descriptor_of(id), nullptr);
        files_.close(file);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(files_.size(), 0U);
  EXPECT_EQ(files_.descriptor_of(id), nullptr);
  const NodeInfo info = nodes_.find(handle(1));
  EXPECT_FALSE(info.open || info.open_for_write);
}

}  // namespace
}  // namespace vexfs::fs
