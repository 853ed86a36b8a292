// Shared mappings: what they and read/write see of each other, and what they do to the times.
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

class Mapped : public PosixTest {
 protected:
  static constexpr size_t kBytes = 4 * 4096;

  // A shared mapping of the whole file, unmapped with the object.
  class Map {
   public:
    Map(int fd, int protection) : bytes_(::mmap(nullptr, kBytes, protection, MAP_SHARED, fd, 0)) {}
    Map(const Map&) = delete;
    Map& operator=(const Map&) = delete;
    ~Map() { unmap(); }
    bool valid() const { return bytes_ != MAP_FAILED; }
    char* bytes() const { return static_cast<char*>(bytes_); }
    int sync() const { return ::msync(bytes_, kBytes, MS_SYNC); }
    void unmap() {
      if (valid()) ::munmap(bytes_, kBytes);
      bytes_ = MAP_FAILED;
    }

   private:
    void* bytes_;
  };

  static void age(int fd) {
    const timespec old[2] = {{1000, 0}, {1000, 0}};
    ASSERT_OK(::futimens(fd, old));
  }
};

constexpr int kReadWrite = PROT_READ | PROT_WRITE;

TEST_F(Mapped, WritesThroughTheMappingAreRead) {
  Fd fd = create("file", std::string(kBytes, 'a'));
  Map map(fd.get(), kReadWrite);
  ASSERT_TRUE(map.valid());
  std::memcpy(map.bytes() + 5000, "mapped", 6);
  char buffer[6];
  ASSERT_EQ(::pread(fd.get(), buffer, 6, 5000), 6);
  EXPECT_EQ(std::string(buffer, 6), "mapped");
  EXPECT_EQ(read_path(path("file")).substr(5000, 6), "mapped");
}

TEST_F(Mapped, WritesAreSeenThroughTheMapping) {
  Fd fd = create("file", std::string(kBytes, 'a'));
  Map map(fd.get(), PROT_READ);
  ASSERT_TRUE(map.valid());
  ASSERT_EQ(map.bytes()[9000], 'a');
  Fd writer = open_fd(path("file"), O_WRONLY);
  ASSERT_TRUE(write_at(writer.get(), "b", 9000));
  EXPECT_EQ(map.bytes()[9000], 'b');
}

TEST_F(Mapped, TwoProcessesShareOneFile) {
  Fd fd = create("file", std::string(kBytes, 'a'));
  Gate written;
  Gate answered;
  Child other([&] {
    const Fd own(::open(path("file").c_str(), O_RDWR));
    const Map map(own.get(), kReadWrite);
    if (!map.valid() || !written.wait()) return 1;
    if (map.bytes()[100] != 'p') return 2;
    map.bytes()[8000] = 'c';
    answered.open();
    return 0;
  });
  Map map(fd.get(), kReadWrite);
  ASSERT_TRUE(map.valid());
  map.bytes()[100] = 'p';
  written.open();
  EXPECT_TRUE(answered.wait());
  EXPECT_EQ(other.wait(), 0);
  EXPECT_EQ(map.bytes()[8000], 'c');
  EXPECT_EQ(read_path(path("file"))[8000], 'c');
}

TEST_F(Mapped, AMappingOutlivesItsDescriptor) {
  Fd fd = create("file", std::string(kBytes, 'a'));
  Map map(fd.get(), kReadWrite);
  fd.reset();
  ASSERT_TRUE(map.valid());
  map.bytes()[1] = 'z';
  EXPECT_OK(map.sync());
  map.unmap();
  EXPECT_EQ(read_path(path("file")).substr(0, 3), "aza");
}

TEST_F(Mapped, TruncationIsSeenAndPagesPastTheEndFault) {
  Fd fd = create("file", std::string(kBytes, 'a'));
  ASSERT_OK(::ftruncate(fd.get(), 100));
  Map map(fd.get(), PROT_READ);
  ASSERT_TRUE(map.valid());
  EXPECT_EQ(map.bytes()[99], 'a');
  EXPECT_EQ(map.bytes()[100], '\0');
  const auto touch_past_the_end = [&] {
    ::signal(SIGBUS, SIG_DFL);  // Otherwise sanitizers would report the signal themselves.
    return *static_cast<volatile char*>(map.bytes() + 8192);
  };
  EXPECT_EQ(in_child(touch_past_the_end), Child::kSignalled + SIGBUS);
  ASSERT_OK(::ftruncate(fd.get(), kBytes));
  EXPECT_EQ(map.bytes()[8192], '\0');
}

TEST_F(Mapped, PrivateMappingsDoNotReachTheFile) {
  Fd fd = create("file", std::string(kBytes, 'a'));
  void* map = ::mmap(nullptr, kBytes, kReadWrite, MAP_PRIVATE, fd.get(), 0);
  ASSERT_NE(map, MAP_FAILED);
  static_cast<char*>(map)[0] = 'x';
  EXPECT_EQ(read_path(path("file"))[0], 'a');
  EXPECT_OK(::munmap(map, kBytes));
}

TEST_F(Mapped, ProtectionFollowsTheDescriptor) {
  make_file("file", std::string(kBytes, 'a'));
  Fd reader = open_fd(path("file"), O_RDONLY);
  const Map map(reader.get(), kReadWrite);
  EXPECT_FALSE(map.valid());
  EXPECT_EQ(errno, EACCES);
}

TEST_F(Mapped, SyncedWritesMoveTheTimes) {
  Fd fd = create("file", std::string(kBytes, 'a'));
  Map map(fd.get(), kReadWrite);
  ASSERT_TRUE(map.valid());
  age(fd.get());
  const timespec changed = stat_fd(fd.get()).st_ctim;
  map.bytes()[0] = 'b';
  ASSERT_OK(map.sync());
  EXPECT_GT(stat_fd(fd.get()).st_mtim.tv_sec, 1000);
  EXPECT_GE(stat_fd(fd.get()).st_ctim.tv_sec, changed.tv_sec);
  EXPECT_GT(stat_of("file").st_mtim.tv_sec, 1000);
}

// The attributes are read just before each step, so that every cache has them.
TEST_F(Mapped, SyncedWritesMoveTheTimesThatWereJustRead) {
  Fd fd = create("file", std::string(kBytes, 'a'));
  Map map(fd.get(), kReadWrite);
  ASSERT_TRUE(map.valid());
  age(fd.get());
  ASSERT_EQ(stat_of("file").st_mtim.tv_sec, 1000);
  map.bytes()[0] = 'b';
  stat_of("file");
  ASSERT_OK(map.sync());
  EXPECT_GT(stat_of("file").st_mtim.tv_sec, 1000);
}

TEST_F(Mapped, UnmappedWritesMoveTheTimes) {
  Fd fd = create("file", std::string(kBytes, 'a'));
  Map map(fd.get(), kReadWrite);
  ASSERT_TRUE(map.valid());
  age(fd.get());
  ASSERT_EQ(stat_of("file").st_mtim.tv_sec, 1000);
  map.bytes()[0] = 'b';
  stat_of("file");
  map.unmap();
  EXPECT_GT(stat_of("file").st_mtim.tv_sec, 1000);
  fd.reset();
  EXPECT_GT(stat_of("file").st_mtim.tv_sec, 1000);
}

TEST_F(Mapped, WritesAreBehindTheMountAfterSync) {
  VEXFS_NEEDS_BACKING();
  Fd fd = create("file", std::string(kBytes, 'a'));
  Map map(fd.get(), kReadWrite);
  ASSERT_TRUE(map.valid());
  std::memcpy(map.bytes() + 4094, "cross", 5);
  ASSERT_OK(map.sync());
  EXPECT_EQ(read_path(backing("file")).substr(4094, 5), "cross");
}

}  // namespace
}  // namespace vexfs::e2e
