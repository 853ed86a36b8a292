// A change by a plain user takes set-id bits and security.capability from a file.
#include <linux/capability.h>
#include <linux/falloc.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

const Caller kPlainUser{1000, 1000, {}};

class KillPrivileges : public PosixTest {
 protected:
  void SetUp() override {
    PosixTest::SetUp();
    VEXFS_NEEDS_ROOT();
  }
  // A file that all may write, with set-id bits and group execution.
  void make_set_id(std::string_view name) const {
    make_file(name, "content");
    ASSERT_OK(::chmod(path(name).c_str(), 06777));
  }
  mode_t mode_of(std::string_view name) const { return stat_of(name).st_mode & 07777U; }
  static bool give_capability(const std::string& full_path) {
    vfs_cap_data data{};
    data.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE;
    data.data[0].permitted = 1U << CAP_NET_RAW;
    return ::setxattr(full_path.c_str(), "security.capability", &data, XATTR_CAPS_SZ_2, 0) == 0;
  }
  bool has_capability(std::string_view name) const {
    return ::getxattr(path(name).c_str(), "security.capability", nullptr, 0) > 0;
  }
  int open_and(std::string_view name, int flags, const std::function<int(int)>& body) const {
    return as_caller(kPlainUser, [&] {
      const Fd fd(::open(path(name).c_str(), flags | O_CLOEXEC));
      return fd.valid() ? body(fd.get()) : errno;
    });
  }
};

TEST_F(KillPrivileges, WriteClearsSetId) {
  make_set_id("file");
  EXPECT_EQ(open_and("file", O_WRONLY, [](int fd) { return error_of(::write(fd, "x", 1)); }), 0);
  EXPECT_EQ(mode_of("file"), 0777U);
}

TEST_F(KillPrivileges, OpeningAndReadingKeepThem) {
  make_set_id("file");
  EXPECT_EQ(open_and("file", O_RDWR,
                     [](int fd) {
                       char byte = 0;
                       return error_of(::read(fd, &byte, 1));
                     }),
            0);
  EXPECT_EQ(mode_of("file"), 06777U);
}

TEST_F(KillPrivileges, RootKeepsThemOnWrite) {
  make_set_id("file");
  Fd fd = open_fd(path("file"), O_WRONLY);
  ASSERT_TRUE(write_at(fd.get(), "x", 0));
  EXPECT_EQ(mode_of("file"), 06777U);
}

TEST_F(KillPrivileges, ALaterWriteClearsBitsThatWereSetAfterTheFirst) {
  make_set_id("file");
  Gate written;
  Gate restored;
  Child writer([&] {
    if (::setresgid(1000, 1000, 1000) != 0 || ::setresuid(1000, 1000, 1000) != 0) return 1;
    const Fd fd(::open(path("file").c_str(), O_WRONLY));
    if (::write(fd.get(), "x", 1) != 1) return 2;
    written.open();
    if (!restored.wait()) return 3;
    return ::write(fd.get(), "y", 1) == 1 ? 0 : 4;
  });
  ASSERT_TRUE(written.wait());
  EXPECT_EQ(mode_of("file"), 0777U);
  ASSERT_OK(::chmod(path("file").c_str(), 06777));
  restored.open();
  EXPECT_EQ(writer.wait(), 0);
  EXPECT_EQ(mode_of("file"), 0777U);
}

TEST_F(KillPrivileges, TruncateClearsSetId) {
  make_set_id("by_name");
  EXPECT_EQ(as_caller(kPlainUser, [&] { return error_of(::truncate(path("by_name").c_str(), 3)); }),
            0);
  EXPECT_EQ(mode_of("by_name"), 0777U);
  make_set_id("by_fd");
  EXPECT_EQ(open_and("by_fd", O_WRONLY, [](int fd) { return error_of(::ftruncate(fd, 3)); }), 0);
  EXPECT_EQ(mode_of("by_fd"), 0777U);
  make_set_id("by_open");
  EXPECT_EQ(open_and("by_open", O_WRONLY | O_TRUNC, [](int) { return 0; }), 0);
  EXPECT_EQ(mode_of("by_open"), 0777U);
}

TEST_F(KillPrivileges, ChownClearsSetIdEvenByRoot) {
  make_set_id("file");
  ASSERT_OK(::chown(path("file").c_str(), 1000, 1000));
  EXPECT_EQ(mode_of("file"), 0777U);
  make_dir("dir", 02777);
  ASSERT_OK(::chown(path("dir").c_str(), 1000, 1000));
  EXPECT_EQ(mode_of("dir"), 02777U);
  // Without group execution the bit does not mean "set group id", and stays when root acts.
  make_file("mandatory");
  ASSERT_OK(::chmod(path("mandatory").c_str(), 02644));
  ASSERT_OK(::chown(path("mandatory").c_str(), 1000, 1000));
  EXPECT_EQ(mode_of("mandatory"), 02644U);
}

TEST_F(KillPrivileges, FallocateClearsSetId) {
  for (const int mode : {0, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE}) {
    const std::string name = "file" + std::to_string(mode);
    make_set_id(name);
    ASSERT_EQ(
        open_and(name, O_WRONLY, [&](int fd) { return error_of(::fallocate(fd, mode, 0, 4096)); }),
        0);
    EXPECT_EQ(mode_of(name), 0777U) << mode;
  }
}

TEST_F(KillPrivileges, CopyFileRangeClearsSetId) {
  make_set_id("file");
  make_file("source", "copied");
  EXPECT_EQ(open_and("file", O_WRONLY,
                     [&](int fd) {
                       const Fd from(::open(path("source").c_str(), O_RDONLY));
                       return error_of(::copy_file_range(from.get(), nullptr, fd, nullptr, 6, 0));
                     }),
            0);
  EXPECT_EQ(mode_of("file"), 0777U);
}

TEST_F(KillPrivileges, EveryModeEndsAsOnTheBacking) {
  for (const mode_t mode : {06666U, 04711U + 022U, 02666U, 02676U, 06755U + 022U, 01777U}) {
    const std::string name = "file" + std::to_string(mode);
    const auto after_write = [&](const std::string& file) {
      const Fd made = open_fd(file, O_CREAT | O_RDWR);
      EXPECT_OK(::fchmod(made.get(), mode));
      EXPECT_EQ(as_caller(kPlainUser,
                          [&] {
                            const Fd fd(::open(file.c_str(), O_WRONLY));
                            return fd.valid() ? error_of(::write(fd.get(), "x", 1)) : errno;
                          }),
                0);
      return stat_path(file).st_mode;
    };
    EXPECT_EQ(after_write(path(name)), after_write(reference(name))) << std::oct << mode;
  }
}

TEST_F(KillPrivileges, ChmodOutsideTheGroupDropsSetgid) {
  make_file("file");
  ASSERT_OK(::chown(path("file").c_str(), 1000, 2000));
  EXPECT_EQ(as_caller(kPlainUser, [&] { return error_of(::chmod(path("file").c_str(), 02755)); }),
            0);
  EXPECT_EQ(mode_of("file"), 0755U);
  EXPECT_EQ(as_caller({1000, 1000, {2000}},
                      [&] { return error_of(::chmod(path("file").c_str(), 02755)); }),
            0);
  EXPECT_EQ(mode_of("file"), 02755U);
}

TEST_F(KillPrivileges, CapabilitiesGoOnWrite) {
  make_file("file", "content", 0777);
  ASSERT_TRUE(give_capability(path("file")));
  ASSERT_TRUE(has_capability("file"));
  EXPECT_EQ(open_and("file", O_WRONLY, [](int fd) { return error_of(::write(fd, "x", 1)); }), 0);
  EXPECT_FALSE(has_capability("file"));
}

TEST_F(KillPrivileges, CapabilitiesGoEvenWhenRootWrites) {
  make_file("file", "content", 0777);
  ASSERT_TRUE(give_capability(path("file")));
  Fd fd = open_fd(path("file"), O_WRONLY);
  ASSERT_TRUE(write_at(fd.get(), "x", 0));
  EXPECT_FALSE(has_capability("file"));
}

TEST_F(KillPrivileges, CapabilitiesGoOnTruncateAndChown) {
  make_file("truncated", "content", 0777);
  ASSERT_TRUE(give_capability(path("truncated")));
  EXPECT_EQ(
      as_caller(kPlainUser, [&] { return error_of(::truncate(path("truncated").c_str(), 3)); }), 0);
  EXPECT_FALSE(has_capability("truncated"));
  make_file("owned", "content", 0777);
  ASSERT_TRUE(give_capability(path("owned")));
  ASSERT_OK(::chown(path("owned").c_str(), 1000, 1000));
  EXPECT_FALSE(has_capability("owned"));
}

TEST_F(KillPrivileges, CapabilitiesStayOnChmodAndRename) {
  make_file("file", "content", 0777);
  ASSERT_TRUE(give_capability(path("file")));
  ASSERT_OK(::chmod(path("file").c_str(), 0755));
  ASSERT_OK(::rename(path("file").c_str(), path("moved").c_str()));
  EXPECT_TRUE(has_capability("moved"));
}

}  // namespace
}  // namespace vexfs::e2e
