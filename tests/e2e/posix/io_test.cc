// Reading and writing: offsets, vectors, large files, shared offsets, and who sees what when.
#include <signal.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

using Io = PosixTest;

// Content from which any part shows its own position.
std::string pattern(size_t bytes) {
  std::string content(bytes, '\0');
  for (size_t i = 0; i < bytes; ++i) content[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return content;
}

iovec vector_of(std::string& bytes) { return {bytes.data(), bytes.size()}; }

TEST_F(Io, ReadsAndWritesMoveTheOffset) {
  Fd fd = create("file");
  EXPECT_EQ(::write(fd.get(), "hello ", 6), 6);
  EXPECT_EQ(::write(fd.get(), "world", 5), 5);
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_CUR), 11);
  EXPECT_EQ(::lseek(fd.get(), -5, SEEK_END), 6);
  char buffer[16] = {};
  EXPECT_EQ(::read(fd.get(), buffer, sizeof buffer), 5);
  EXPECT_STREQ(buffer, "world");
  EXPECT_EQ(::read(fd.get(), buffer, sizeof buffer), 0);
  EXPECT_ERRNO(EINVAL, ::lseek(fd.get(), -1, SEEK_SET));
}

TEST_F(Io, EverySizeAroundPagesAndRequests) {
  Fd fd = create("file");
  for (const size_t bytes : {1UL, 4095UL, 4096UL, 4097UL, 131071UL, 131073UL, 1048577UL}) {
    const std::string content = pattern(bytes);
    ASSERT_OK(::ftruncate(fd.get(), 0));
    ASSERT_TRUE(write_at(fd.get(), content, 0));
    EXPECT_EQ(stat_fd(fd.get()).st_size, static_cast<off_t>(bytes));
    EXPECT_TRUE(read_path(path("file")) == content) << bytes;
  }
}

TEST_F(Io, VectoredAndPositioned) {
  Fd fd = create("file");
  std::string first = "first";
  std::string second = "second";
  const std::array<iovec, 2> out = {vector_of(first), vector_of(second)};
  EXPECT_EQ(::writev(fd.get(), out.data(), 2), 11);
  EXPECT_EQ(::pwritev(fd.get(), out.data(), 2, 100), 11);
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_CUR), 11);
  std::string a(6, ' ');
  std::string b(4, ' ');
  const std::array<iovec, 2> in = {vector_of(a), vector_of(b)};
  EXPECT_EQ(::preadv(fd.get(), in.data(), 2, 100), 10);
  EXPECT_EQ(a + b, "firstsecon");
  EXPECT_EQ(::pwritev2(fd.get(), out.data(), 1, 200, RWF_DSYNC), 5);
  EXPECT_EQ(stat_fd(fd.get()).st_size, 205);
}

TEST_F(Io, GapsReadAsZeros) {
  Fd fd = create("file");
  ASSERT_TRUE(write_at(fd.get(), "end", 100000));
  const std::string content = read_all(fd.get());
  EXPECT_TRUE(content == std::string(100000, '\0') + "end");
}

TEST_F(Io, SizeIsRightAfterAWriteThroughAnotherDescriptor) {
  Fd writer = create("file");
  Fd reader = open_fd(path("file"), O_RDONLY);
  for (int round = 1; round <= 20; ++round) {
    ASSERT_EQ(::write(writer.get(), "0123456789", 10), 10);
    EXPECT_EQ(stat_fd(reader.get()).st_size, round * 10);
    EXPECT_EQ(stat_of("file").st_size, round * 10);
    EXPECT_EQ(read_all(reader.get()).size(), static_cast<size_t>(round) * 10);
  }
}

TEST_F(Io, WritesMoveTheModificationTime) {
  Fd fd = create("file", "old");
  const timespec old[2] = {{1000, 0}, {1000, 0}};
  ASSERT_OK(::futimens(fd.get(), old));
  ASSERT_EQ(stat_fd(fd.get()).st_mtim.tv_sec, 1000);
  ASSERT_EQ(::pwrite(fd.get(), "new", 3, 0), 3);
  EXPECT_GT(stat_fd(fd.get()).st_mtim.tv_sec, 1000000);
  EXPECT_GT(stat_of("file").st_mtim.tv_sec, 1000000);
}

TEST_F(Io, TimesThatWereSetStayWhenTheFileIsClosed) {
  Fd fd = create("file");
  ASSERT_TRUE(write_at(fd.get(), "content", 0));
  const timespec old[2] = {{1000, 1}, {2000, 2}};
  ASSERT_OK(::futimens(fd.get(), old));
  fd.reset();
  EXPECT_TRUE(same_time(stat_of("file").st_mtim, {2000, 2}));
  EXPECT_TRUE(same_time(stat_of("file").st_atim, {1000, 1}));
}

TEST_F(Io, FilesOverFourGigabytes) {
  constexpr off_t kFourGigabytes = off_t{1} << 32;
  Fd fd = create("file");
  ASSERT_TRUE(write_at(fd.get(), "across the line", kFourGigabytes - 6));
  ASSERT_TRUE(write_at(fd.get(), "far", 5 * kFourGigabytes));
  EXPECT_EQ(stat_of("file").st_size, 5 * kFourGigabytes + 3);
  EXPECT_LT(stat_of("file").st_blocks, 1 << 16);
  Fd reader = open_fd(path("file"), O_RDONLY);
  char buffer[16] = {};
  EXPECT_EQ(::pread(reader.get(), buffer, 15, kFourGigabytes - 6), 15);
  EXPECT_STREQ(buffer, "across the line");
  EXPECT_EQ(::lseek(reader.get(), -3, SEEK_END), 5 * kFourGigabytes);
  EXPECT_EQ(::read(reader.get(), buffer, 3), 3);
  EXPECT_EQ(std::string(buffer, 3), "far");
  ASSERT_OK(::ftruncate(fd.get(), kFourGigabytes + 1));
  EXPECT_EQ(stat_fd(reader.get()).st_size, kFourGigabytes + 1);
}

TEST_F(Io, TheFileSizeLimitOfTheCallerHolds) {
  make_file("file");
  EXPECT_EQ(in_child([&] {
              const rlimit limit{1000, 1000};
              ::signal(SIGXFSZ, SIG_IGN);
              const Fd fd(::open(path("file").c_str(), O_RDWR));
              if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
              if (::pwrite(fd.get(), pattern(2000).data(), 2000, 0) != 1000) return 2;
              if (error_of(::pwrite(fd.get(), "x", 1, 1000)) != EFBIG) return 3;
              return error_of(::ftruncate(fd.get(), 1001)) == EFBIG ? 0 : 4;
            }),
            0);
  EXPECT_EQ(stat_of("file").st_size, 1000);
}

TEST_F(Io, DupAndForkShareTheOffset) {
  Fd fd = create("file", "0123456789");
  Fd copy(::dup(fd.get()));
  char buffer[4] = {};
  ASSERT_EQ(::lseek(fd.get(), 0, SEEK_SET), 0);
  ASSERT_EQ(::read(fd.get(), buffer, 3), 3);
  ASSERT_EQ(::read(copy.get(), buffer, 3), 3);
  EXPECT_EQ(std::string(buffer, 3), "345");
  EXPECT_EQ(in_child([&] { return ::read(fd.get(), buffer, 2) == 2 ? 0 : 1; }), 0);
  EXPECT_EQ(::lseek(copy.get(), 0, SEEK_CUR), 8);
  Fd separate = open_fd(path("file"), O_RDONLY);
  EXPECT_EQ(::lseek(separate.get(), 0, SEEK_CUR), 0);
}

TEST_F(Io, AppendGoesToTheEndWhateverTheOffset) {
  make_file("file", "start ");
  Fd fd = open_fd(path("file"), O_RDWR | O_APPEND);
  ASSERT_EQ(::lseek(fd.get(), 0, SEEK_SET), 0);
  EXPECT_EQ(::write(fd.get(), "middle ", 7), 7);
  Fd other = open_fd(path("file"), O_WRONLY | O_APPEND);
  EXPECT_EQ(::write(other.get(), "end", 3), 3);
  EXPECT_EQ(::write(fd.get(), "!", 1), 1);
  EXPECT_EQ(read_path(path("file")), "start middle end!");
  EXPECT_EQ(::pwrite(fd.get(), "?", 1, 0), 1);  // On Linux this appends, too.
  EXPECT_EQ(read_path(path("file")), "start middle end!?");
  ASSERT_OK(::truncate(path("file").c_str(), 5));
  EXPECT_EQ(::write(fd.get(), "s", 1), 1);
  EXPECT_EQ(read_path(path("file")), "starts");
}

TEST_F(Io, AppendCanBeTurnedOnLater) {
  Fd fd = create("file", "0123456789");
  ASSERT_OK(::fcntl(fd.get(), F_SETFL, O_APPEND));
  ASSERT_EQ(::lseek(fd.get(), 0, SEEK_SET), 0);
  EXPECT_EQ(::write(fd.get(), "x", 1), 1);
  EXPECT_EQ(read_path(path("file")), "0123456789x");
}

TEST_F(Io, AppendsOfManyProcessesAreWhole) {
  constexpr int kWriters = 8;
  constexpr int kRecords = 250;
  constexpr size_t kRecordBytes = 100;
  make_file("log");
  std::vector<pid_t> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      const Fd fd(::open(path("log").c_str(), O_WRONLY | O_APPEND));
      for (int i = 0; i < kRecords; ++i) {
        std::string record = std::to_string(writer) + ":" + std::to_string(i) + ":";
        record.resize(kRecordBytes - 1, static_cast<char>('a' + writer));
        record += '\n';
        if (::write(fd.get(), record.data(), record.size()) != 100) ::_exit(1);
      }
      ::_exit(0);
    }
    writers.push_back(pid);
  }
  for (const pid_t pid : writers) {
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  const std::string content = read_path(path("log"));
  ASSERT_EQ(content.size(), kWriters * kRecords * kRecordBytes);
  std::array<int, kWriters> next{};
  for (size_t at = 0; at < content.size(); at += kRecordBytes) {
    const std::string record = content.substr(at, kRecordBytes);
    const auto writer = static_cast<size_t>(record[0] - '0');
    ASSERT_LT(writer, next.size());
    const std::string head = std::to_string(writer) + ":" + std::to_string(next[writer]++) + ":";
    ASSERT_EQ(record.substr(0, head.size()), head);
    ASSERT_EQ(record.find_first_not_of(static_cast<char>('a' + writer), head.size()),
              kRecordBytes - 1);
  }
}

TEST_F(Io, WritersOfDisjointRangesDoNotDisturbEachOther) {
  constexpr int kWriters = 4;
  constexpr off_t kBlockBytes =
      3000;  // Blocks that are no pages share pages with their neighbours.
  make_file("file");
  std::vector<std::unique_ptr<Child>> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.push_back(std::make_unique<Child>([&, writer] {
      const Fd fd(::open(path("file").c_str(), O_WRONLY));
      const std::string block(kBlockBytes, static_cast<char>('A' + writer));
      for (off_t i = 0; i < 50; ++i) {
        if (!write_at(fd.get(), block, (i * kWriters + writer) * kBlockBytes)) return 1;
      }
      return 0;
    }));
  }
  for (const auto& writer : writers) EXPECT_EQ(writer->wait(), 0);
  std::string expected;
  for (int i = 0; i < 50 * kWriters; ++i) {
    expected.append(static_cast<size_t>(kBlockBytes), static_cast<char>('A' + i % kWriters));
  }
  EXPECT_TRUE(read_path(path("file")) == expected);
}

TEST_F(Io, SyncCalls) {
  Fd fd = create("file", "content");
  EXPECT_OK(::fsync(fd.get()));
  EXPECT_OK(::fdatasync(fd.get()));
  EXPECT_OK(::fsync(dir_fd().get()));
  EXPECT_OK(::fsync(open_fd(path("file"), O_RDONLY).get()));
  EXPECT_OK(::sync_file_range(fd.get(), 0, 7, SYNC_FILE_RANGE_WRITE));
  EXPECT_OK(::syncfs(fd.get()));
}

TEST_F(Io, SendfileAndSplice) {
  const std::string content = pattern(300000);
  Fd from = create("from", content);
  Fd to = create("to");
  off_t at = 0;
  while (at < 300000) {
    ASSERT_GT(::sendfile(to.get(), from.get(), &at, 300000 - static_cast<size_t>(at)), 0);
  }
  EXPECT_TRUE(read_path(path("to")) == content);

  int ends[2];
  ASSERT_OK(::pipe2(ends, O_CLOEXEC));
  const Fd pipe_out(ends[0]);
  const Fd pipe_in(ends[1]);
  Fd spliced = create("spliced");
  off_t in_at = 0;
  off_t out_at = 0;
  while (in_at < 300000) {
    const ssize_t in = ::splice(from.get(), &in_at, pipe_in.get(), nullptr, 65536, 0);
    ASSERT_GT(in, 0);
    for (ssize_t left = in; left > 0;) {
      const ssize_t out =
          ::splice(pipe_out.get(), nullptr, spliced.get(), &out_at, static_cast<size_t>(left), 0);
      ASSERT_GT(out, 0);
      left -= out;
    }
  }
  EXPECT_TRUE(read_path(path("spliced")) == content);
}

TEST_F(Io, AdviceIsHarmless) {
  const std::string content = pattern(200000);
  Fd fd = create("file", content);
  EXPECT_OK(::fsync(fd.get()));
  for (const int advice : {POSIX_FADV_SEQUENTIAL, POSIX_FADV_RANDOM, POSIX_FADV_WILLNEED,
                           POSIX_FADV_DONTNEED, POSIX_FADV_NOREUSE, POSIX_FADV_NORMAL}) {
    EXPECT_EQ(::posix_fadvise(fd.get(), 0, 0, advice), 0) << advice;
    EXPECT_TRUE(read_all(fd.get()) == content) << advice;
  }
  EXPECT_OK(::readahead(fd.get(), 0, 65536));
}

}  // namespace
}  // namespace vexfs::e2e
