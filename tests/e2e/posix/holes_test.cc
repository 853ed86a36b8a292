// Space: fallocate, holes and where they are, copy_file_range, and inode flags.
#include <linux/falloc.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <ostream>
#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

using Fallocate = PosixTest;
using Seek = PosixTest;
using CopyRange = PosixTest;
using InodeFlags = PosixTest;

constexpr off_t kBlock = 65536;  // A multiple of every block size in use.

// What one call of fallocate did: its errno, and the state of the file afterwards.
struct Outcome {
  int error;
  off_t size;
  blkcnt_t blocks;
  std::string content;
};

Outcome allocate(int fd, int mode, off_t offset, off_t length) {
  std::string start(static_cast<size_t>(4 * kBlock), 'x');
  EXPECT_TRUE(write_at(fd, start, 0));
  EXPECT_OK(::fsync(fd));  // With delayed allocation blocks are counted only then.
  const int error = error_of(::fallocate(fd, mode, offset, length));
  EXPECT_OK(::fsync(fd));
  const struct stat info = stat_fd(fd);
  return {error, info.st_size, info.st_blocks, read_all(fd)};
}

// fuse_file_fallocate() in Linux knows three bits of the mode and refuses all others.
bool kernel_keeps_back(int mode) {
  return on_fuse() &&
         (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) != 0;
}

struct Mode {
  const char* name;
  int mode;
  off_t offset;
  off_t length;
};

void PrintTo(const Mode& mode, std::ostream* out) { *out << mode.name; }

class FallocateMode : public PosixTest, public ::testing::WithParamInterface<Mode> {};

// Every mode ends as it ends on the backing filesystem, refusals included.
TEST_P(FallocateMode, EndsAsOnTheBacking) {
  const Mode& mode = GetParam();
  Fd control = open_fd(reference("file"), O_CREAT | O_RDWR);
  Fd fd = create("file");
  const Outcome expected = allocate(control.get(), mode.mode, mode.offset, mode.length);
  const Outcome seen = allocate(fd.get(), mode.mode, mode.offset, mode.length);
  if (seen.error == EOPNOTSUPP && expected.error != EOPNOTSUPP && kernel_keeps_back(mode.mode)) {
    EXPECT_TRUE(seen.content == std::string(static_cast<size_t>(4 * kBlock), 'x'));
    GTEST_SKIP() << "the kernel's FUSE refuses this mode before a server sees it";
  }
  EXPECT_EQ(seen.error, expected.error);
  EXPECT_EQ(seen.size, expected.size);
  EXPECT_EQ(seen.blocks, expected.blocks);
  EXPECT_TRUE(seen.content == expected.content);
  EXPECT_EQ(stat_of("file").st_size, expected.size);
  EXPECT_TRUE(read_path(path("file")) == expected.content);
}

INSTANTIATE_TEST_SUITE_P(
    Every, FallocateMode,
    ::testing::Values(Mode{"Grow", 0, 0, 8 * kBlock}, Mode{"Inside", 0, kBlock, kBlock},
                      Mode{"KeepSize", FALLOC_FL_KEEP_SIZE, 4 * kBlock, 4 * kBlock},
                      Mode{"Punch", FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, kBlock, kBlock},
                      Mode{"PunchPart", FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 100, 1000},
                      Mode{"PunchAlone", FALLOC_FL_PUNCH_HOLE, 0, kBlock},
                      Mode{"Zero", FALLOC_FL_ZERO_RANGE, kBlock, kBlock},
                      Mode{"ZeroGrow", FALLOC_FL_ZERO_RANGE, 3 * kBlock, 2 * kBlock},
                      Mode{"ZeroKeep", FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 3 * kBlock,
                           2 * kBlock},
                      Mode{"Collapse", FALLOC_FL_COLLAPSE_RANGE, kBlock, kBlock},
                      Mode{"CollapseToEnd", FALLOC_FL_COLLAPSE_RANGE, kBlock, 3 * kBlock},
                      Mode{"Insert", FALLOC_FL_INSERT_RANGE, kBlock, kBlock},
                      Mode{"Unshare", FALLOC_FL_UNSHARE_RANGE, 0, kBlock}, Mode{"Empty", 0, 0, 0},
                      Mode{"Negative", 0, -1, 10}, Mode{"Unknown", 0x4000, 0, kBlock}),
    [](const auto& parameter) { return parameter.param.name; });

TEST_F(Fallocate, GrowsWithZerosAndTakesSpace) {
  Fd fd = create("file", "head");
  ASSERT_OK(::fallocate(fd.get(), 0, 0, kBlock));
  EXPECT_EQ(stat_of("file").st_size, kBlock);
  EXPECT_GE(stat_fd(fd.get()).st_blocks, kBlock / 512);
  EXPECT_TRUE(read_path(path("file")) ==
              "head" + std::string(static_cast<size_t>(kBlock) - 4, '\0'));
}

TEST_F(Fallocate, PunchedHolesReadAsZerosThroughOtherDescriptors) {
  Fd fd = create("file", std::string(static_cast<size_t>(3 * kBlock), 'x'));
  Fd reader = open_fd(path("file"), O_RDONLY);
  EXPECT_EQ(read_all(reader.get())[static_cast<size_t>(kBlock)], 'x');
  ASSERT_OK(::fallocate(fd.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, kBlock, kBlock));
  const std::string content = read_all(reader.get());
  const auto block = static_cast<size_t>(kBlock);
  EXPECT_TRUE(content ==
              std::string(block, 'x') + std::string(block, '\0') + std::string(block, 'x'));
}

TEST_F(Fallocate, NeedsAWritableFile) {
  make_file("file", "x");
  Fd reader = open_fd(path("file"), O_RDONLY);
  EXPECT_ERRNO(EBADF, ::fallocate(reader.get(), 0, 0, 100));
}

TEST_F(Fallocate, MovesTheModificationTime) {
  Fd fd = create("file", "x");
  const timespec old[2] = {{1000, 0}, {1000, 0}};
  ASSERT_OK(::futimens(fd.get(), old));
  ASSERT_OK(::fallocate(fd.get(), 0, 0, kBlock));
  EXPECT_GT(stat_of("file").st_mtim.tv_sec, 1000);
}

TEST_F(Seek, DataAndHoles) {
  Fd fd = create("file");
  ASSERT_OK(::ftruncate(fd.get(), 16 * kBlock));
  ASSERT_TRUE(write_at(fd.get(), std::string(static_cast<size_t>(kBlock), 'd'), 4 * kBlock));
  ASSERT_OK(::fsync(fd.get()));
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_DATA), 4 * kBlock);
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_HOLE), 0);
  EXPECT_EQ(::lseek(fd.get(), 4 * kBlock, SEEK_HOLE), 5 * kBlock);
  EXPECT_EQ(::lseek(fd.get(), 4 * kBlock + 100, SEEK_DATA), 4 * kBlock + 100);
  EXPECT_ERRNO(ENXIO, ::lseek(fd.get(), 6 * kBlock, SEEK_DATA));
  EXPECT_ERRNO(ENXIO, ::lseek(fd.get(), 16 * kBlock, SEEK_HOLE));
  EXPECT_EQ(::lseek(fd.get(), 8 * kBlock, SEEK_HOLE), 8 * kBlock);
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_CUR), 8 * kBlock);
}

TEST_F(Seek, AFullFileEndsInAHole) {
  Fd fd = create("file", "full");
  ASSERT_OK(::fsync(fd.get()));
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_DATA), 0);
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_HOLE), 4);
  EXPECT_ERRNO(ENXIO, ::lseek(fd.get(), 4, SEEK_DATA));
}

TEST_F(Seek, SparseFilesTakeLittleSpace) {
  Fd fd = create("file");
  ASSERT_OK(::ftruncate(fd.get(), off_t{1} << 30));
  EXPECT_EQ(stat_of("file").st_size, off_t{1} << 30);
  EXPECT_LT(stat_of("file").st_blocks, 2048);
}

TEST_F(CopyRange, WholeAndPart) {
  const std::string content(300000, 'c');
  Fd from = create("from", content + "tail");
  Fd to = create("to");
  off_t in = 0;
  off_t out = 0;
  for (;;) {
    const ssize_t copied = ::copy_file_range(from.get(), &in, to.get(), &out, 1 << 20, 0);
    ASSERT_OK(copied);
    if (copied == 0) break;
  }
  EXPECT_TRUE(read_path(path("to")) == content + "tail");
  EXPECT_EQ(stat_of("to").st_size, 300004);
  off_t tail = 300000;
  off_t middle = 10;
  EXPECT_EQ(::copy_file_range(from.get(), &tail, to.get(), &middle, 4, 0), 4);
  EXPECT_EQ(tail, 300004);
  EXPECT_EQ(middle, 14);
  EXPECT_EQ(read_path(path("to")).substr(8, 8), "cctailcc");
}

TEST_F(CopyRange, UsesAndMovesFileOffsets) {
  Fd from = create("from", "0123456789");
  Fd to = create("to", "ab");
  ASSERT_EQ(::lseek(from.get(), 5, SEEK_SET), 5);
  ASSERT_EQ(::lseek(to.get(), 2, SEEK_SET), 2);
  EXPECT_EQ(::copy_file_range(from.get(), nullptr, to.get(), nullptr, 3, 0), 3);
  EXPECT_EQ(::lseek(from.get(), 0, SEEK_CUR), 8);
  EXPECT_EQ(::lseek(to.get(), 0, SEEK_CUR), 5);
  EXPECT_EQ(read_path(path("to")), "ab567");
}

TEST_F(CopyRange, WithinOneFileAndErrors) {
  Fd fd = create("file", "0123456789");
  off_t in = 0;
  off_t out = 10;
  EXPECT_EQ(::copy_file_range(fd.get(), &in, fd.get(), &out, 5, 0), 5);
  EXPECT_EQ(read_path(path("file")), "012345678901234");
  in = 0;
  out = 2;
  EXPECT_ERRNO(EINVAL, ::copy_file_range(fd.get(), &in, fd.get(), &out, 5, 0));
  Fd reader = open_fd(path("file"), O_RDONLY);
  out = 100;
  in = 0;
  EXPECT_ERRNO(EBADF, ::copy_file_range(fd.get(), &in, reader.get(), &out, 5, 0));
  Fd append = open_fd(path("file"), O_WRONLY | O_APPEND);
  EXPECT_ERRNO(EBADF, ::copy_file_range(fd.get(), &in, append.get(), &out, 5, 0));
  EXPECT_ERRNO(EINVAL, ::copy_file_range(fd.get(), &in, fd.get(), &out, 5, 1));
}

TEST_F(InodeFlags, ReadAndSet) {
  VEXFS_NEEDS(kInodeFlags);
  Fd fd = create("file");
  int flags = 0;
  ASSERT_OK(::ioctl(fd.get(), FS_IOC_GETFLAGS, &flags));
  Fd control = open_fd(reference("file"), O_CREAT | O_RDWR);
  int wanted = 0;
  ASSERT_OK(::ioctl(control.get(), FS_IOC_GETFLAGS, &wanted));
  EXPECT_EQ(flags, wanted);
  flags |= FS_NODUMP_FL;
  ASSERT_OK(::ioctl(fd.get(), FS_IOC_SETFLAGS, &flags));
  int again = 0;
  ASSERT_OK(::ioctl(fd.get(), FS_IOC_GETFLAGS, &again));
  EXPECT_NE(again & FS_NODUMP_FL, 0);
  Fd dir = dir_fd();
  EXPECT_OK(::ioctl(dir.get(), FS_IOC_GETFLAGS, &again));
}

// Nobody has the file open for writing, so its attributes may be cached.
TEST_F(InodeFlags, TheirChangeIsSeenInTheCtime) {
  VEXFS_NEEDS(kInodeFlags);
  make_file("file", "content");
  const Fd fd = open_fd(path("file"), O_RDONLY);
  const struct stat before = stat_path(path("file"));
  int flags = 0;
  ASSERT_OK(::ioctl(fd.get(), FS_IOC_GETFLAGS, &flags));
  // The clock of timestamps moves in steps, so the change is made again until it has moved.
  bool moved = false;
  for (int tries = 0; tries < 100000 && !moved; ++tries) {
    flags ^= FS_NODUMP_FL;
    ASSERT_OK(::ioctl(fd.get(), FS_IOC_SETFLAGS, &flags));
    const struct stat after = stat_path(path("file"));
    moved = after.st_ctim.tv_sec != before.st_ctim.tv_sec ||
            after.st_ctim.tv_nsec != before.st_ctim.tv_nsec;
  }
  EXPECT_TRUE(moved);
}

TEST_F(InodeFlags, ImmutableAndAppendOnly) {
  VEXFS_NEEDS(kInodeFlags);
  Fd fd = create("file", "x");
  int flags = 0;
  ASSERT_OK(::ioctl(fd.get(), FS_IOC_GETFLAGS, &flags));
  int immutable = flags | FS_IMMUTABLE_FL;
  if (!environment().privileged) {
    EXPECT_ERRNO(EPERM, ::ioctl(fd.get(), FS_IOC_SETFLAGS, &immutable));
    return;
  }
  ASSERT_OK(::ioctl(fd.get(), FS_IOC_SETFLAGS, &immutable));
  EXPECT_ERRNO(EPERM, ::open(path("file").c_str(), O_RDWR));
  EXPECT_ERRNO(EPERM, ::unlink(path("file").c_str()));
  EXPECT_ERRNO(EPERM, ::chmod(path("file").c_str(), 0600));
  int append = flags | FS_APPEND_FL;
  ASSERT_OK(::ioctl(fd.get(), FS_IOC_SETFLAGS, &append));
  EXPECT_ERRNO(EPERM, ::open(path("file").c_str(), O_WRONLY));
  EXPECT_ERRNO(EPERM, ::truncate(path("file").c_str(), 0));
  Fd appender(::open(path("file").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  EXPECT_OK(appender.get());
  EXPECT_OK(::write(appender.get(), "y", 1));
  EXPECT_OK(::ioctl(fd.get(), FS_IOC_SETFLAGS, &flags));
  EXPECT_EQ(read_path(path("file")), "xy");
}

}  // namespace
}  // namespace vexfs::e2e
