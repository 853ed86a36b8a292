// The mount acts as the caller: who owns what is made, and who may do what.
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

const Caller kAlice{1000, 1000, {}};
const Caller kBob{1001, 1001, {}};

class CallerTest : public PosixTest {
 protected:
  void SetUp() override {
    PosixTest::SetUp();
    VEXFS_NEEDS_ROOT();
    ASSERT_OK(::chmod(path().c_str(), 0777));
    struct stat info {};
    ASSERT_EQ(as_caller(kAlice, [&] { return error_of(::stat(path().c_str(), &info)); }), 0)
        << "other users must reach the directory under test";
  }
  void expect_owner(std::string_view name, uid_t uid, gid_t gid) const {
    const struct stat info = stat_of(name);
    EXPECT_EQ(info.st_uid, uid) << name;
    EXPECT_EQ(info.st_gid, gid) << name;
  }
  void own(std::string_view name, uid_t uid, gid_t gid, mode_t mode) const {
    ASSERT_OK(::chown(path(name).c_str(), uid, gid));
    ASSERT_OK(::chmod(path(name).c_str(), mode));
  }
  // Makes one node of each kind in `dir`. Returns the errno of the first that fails.
  int make_each(const std::string& dir) const {
    const Fd file(::open(path(dir + "file").c_str(), O_CREAT | O_RDWR, 0666));
    if (!file.valid()) return errno;
    if (::mkdir(path(dir + "dir").c_str(), 0777) != 0) return errno;
    if (::symlink("target", path(dir + "link").c_str()) != 0) return errno;
    if (::mkfifo(path(dir + "fifo").c_str(), 0666) != 0) return errno;
    return error_of(::mknod(path(dir + "node").c_str(), S_IFREG | 0666, 0));
  }
};

constexpr const char* kEach[] = {"file", "dir", "link", "fifo", "node"};

TEST_F(CallerTest, WhatIsMadeBelongsToItsMaker) {
  EXPECT_EQ(as_caller(kAlice, [&] { return make_each(""); }), 0);
  for (const char* name : kEach) expect_owner(name, 1000, 1000);
}

TEST_F(CallerTest, TemporaryFilesBelongToTheirMaker) {
  VEXFS_NEEDS(kTmpfile);
  EXPECT_EQ(as_caller(kAlice,
                      [&] {
                        const Fd fd(::open(path().c_str(), O_TMPFILE | O_RDWR, 0600));
                        struct stat info {};
                        if (::fstat(fd.get(), &info) != 0) return errno;
                        return info.st_uid == 1000 && info.st_gid == 1000 ? 0 : 200;
                      }),
            0);
}

TEST_F(CallerTest, TheFilesystemIdsCountNotTheRealOnes) {
  EXPECT_EQ(in_child([&] {
              if (::setresgid(5, 1000, 5) != 0 || ::setresuid(0, 1000, 0) != 0) return 200;
              return make_each("");
            }),
            0);
  for (const char* name : kEach) expect_owner(name, 1000, 1000);
}

TEST_F(CallerTest, SetgidDirectoriesGiveTheirGroup) {
  make_dir("shared");
  own("shared", 0, 2000, 02777);
  EXPECT_EQ(as_caller(kAlice, [&] { return make_each("shared/"); }), 0);
  for (const char* name : kEach) expect_owner(std::string("shared/") + name, 1000, 2000);
  EXPECT_NE(stat_of("shared/dir").st_mode & S_ISGID, 0U);
  EXPECT_EQ(stat_of("shared/file").st_mode & S_ISGID, 0U);
}

TEST_F(CallerTest, SetgidFilesNeedTheGroup) {
  make_dir("shared");
  own("shared", 0, 2000, 02777);
  const auto make = [&](const Caller& caller, const char* name) {
    return as_caller(caller, [&] {
      ::umask(0);
      return error_of(::open(path(name).c_str(), O_CREAT | O_RDWR, 02755));
    });
  };
  EXPECT_EQ(make(kAlice, "shared/outside"), 0);
  EXPECT_EQ(stat_of("shared/outside").st_mode & 07777U, 0755U);
  EXPECT_EQ(make({1000, 1000, {2000}}, "shared/inside"), 0);
  EXPECT_EQ(stat_of("shared/inside").st_mode & 07777U, 02755U);
}

TEST_F(CallerTest, SupplementaryGroupsOpenDoors) {
  make_dir("team");
  make_file("team/file", "content");
  own("team", 0, 2000, 0770);
  own("team/file", 0, 2000, 0660);
  const auto open_file = [&] { return error_of(::open(path("team/file").c_str(), O_RDWR)); };
  EXPECT_EQ(as_caller(kAlice, open_file), EACCES);
  EXPECT_EQ(as_caller({1000, 1000, {2000}}, open_file), 0);
  EXPECT_EQ(as_caller({1000, 1000, {7, 8, 9, 2000}}, open_file), 0);
  EXPECT_EQ(as_caller({1000, 1000, {2000}}, [&] { return make_each("team/new_"); }), 0);
  expect_owner("team/new_file", 1000, 1000);
}

TEST_F(CallerTest, ManySupplementaryGroups) {
  make_dir("team");
  own("team", 0, 5999, 0770);
  std::vector<gid_t> groups;
  for (gid_t gid = 5000; gid < 6000; ++gid) groups.push_back(gid);
  EXPECT_EQ(as_caller({1000, 1000, groups}, [&] { return make_each("team/"); }), 0);
  expect_owner("team/file", 1000, 1000);
  groups.pop_back();
  EXPECT_EQ(as_caller({1000, 1000, groups}, [&] { return make_each("team/no_"); }), EACCES);
}

TEST_F(CallerTest, OwnersChangeTheGroupToOneOfTheirs) {
  make_file("file");
  own("file", 1000, 1000, 0644);
  const auto to_group = [&](gid_t gid) {
    return error_of(::chown(path("file").c_str(), static_cast<uid_t>(-1), gid));
  };
  EXPECT_EQ(as_caller(kAlice, [&] { return to_group(2000); }), EPERM);
  EXPECT_EQ(as_caller({1000, 1000, {2000}}, [&] { return to_group(2000); }), 0);
  expect_owner("file", 1000, 2000);
  EXPECT_EQ(as_caller(kBob, [&] { return to_group(1001); }), EPERM);
  EXPECT_EQ(
      as_caller(
          kAlice,
          [&] { return error_of(::chown(path("file").c_str(), 1001, static_cast<gid_t>(-1))); }),
      EPERM);
}

TEST_F(CallerTest, OnlyTheOwnerChangesTheMode) {
  make_file("file");
  own("file", 1000, 1000, 0666);
  const auto change = [&] { return error_of(::chmod(path("file").c_str(), 0600)); };
  EXPECT_EQ(as_caller(kBob, change), EPERM);
  EXPECT_EQ(as_caller(kAlice, change), 0);
}

TEST_F(CallerTest, StickyDirectoriesProtectTheirEntries) {
  make_dir("sticky");
  own("sticky", 0, 0, 01777);
  EXPECT_EQ(as_caller(kAlice, [&] { return make_each("sticky/"); }), 0);
  const auto as_bob = [&](const Body& body) { return as_caller(kBob, body); };
  EXPECT_EQ(as_bob([&] { return error_of(::unlink(path("sticky/file").c_str())); }), EPERM);
  EXPECT_EQ(as_bob([&] { return error_of(::rmdir(path("sticky/dir").c_str())); }), EPERM);
  EXPECT_EQ(as_bob([&] {
              return error_of(::rename(path("sticky/file").c_str(), path("sticky/b").c_str()));
            }),
            EPERM);
  EXPECT_EQ(as_bob([&] {
              const Fd own_file(::open(path("sticky/bobs").c_str(), O_CREAT | O_RDWR, 0600));
              return error_of(::rename(path("sticky/bobs").c_str(), path("sticky/file").c_str()));
            }),
            EPERM);
  EXPECT_EQ(as_caller(kAlice, [&] { return error_of(::unlink(path("sticky/file").c_str())); }), 0);
}

TEST_F(CallerTest, PrivateFilesStayPrivate) {
  make_dir("private");
  make_file("private/file", "secret");
  own("private", 1000, 1000, 0700);
  own("private/file", 1000, 1000, 0600);
  // What Alice's look put into caches must not let Bob in.
  EXPECT_EQ(
      as_caller(kAlice, [&] { return error_of(::open(path("private/file").c_str(), O_RDONLY)); }),
      0);
  struct stat info {};
  EXPECT_EQ(as_caller(kBob, [&] { return error_of(::stat(path("private/file").c_str(), &info)); }),
            EACCES);
  EXPECT_EQ(as_caller(kBob, [&] { return error_of(::open(path("private").c_str(), O_RDONLY)); }),
            EACCES);
  EXPECT_EQ(as_caller(kBob, [&] { return error_of(::chdir(path("private").c_str())); }), EACCES);
}

TEST_F(CallerTest, AccessAsksForTheRealIds) {
  make_file("file");
  own("file", 0, 0, 0640);
  const auto with_real_alice = [&](const Body& body) {
    return in_child([&] {
      if (::setresgid(1000, 0, 0) != 0 || ::setresuid(1000, 0, 0) != 0) return 200;
      return body();
    });
  };
  EXPECT_EQ(with_real_alice([&] { return error_of(::access(path("file").c_str(), R_OK)); }),
            EACCES);
  EXPECT_EQ(with_real_alice([&] {
              return error_of(::faccessat(AT_FDCWD, path("file").c_str(), R_OK, AT_EACCESS));
            }),
            0);
}

TEST_F(CallerTest, AccessAnswersAsOpenWould) {
  make_file("file");
  own("file", 1000, 1000, 0750);
  const auto may = [&](const Caller& caller, int mode) {
    return as_caller(caller, [&] { return error_of(::access(path("file").c_str(), mode)); });
  };
  EXPECT_EQ(may(kAlice, R_OK | W_OK | X_OK), 0);
  EXPECT_EQ(may(kBob, R_OK), EACCES);
  EXPECT_EQ(may(kBob, F_OK), 0);
  EXPECT_EQ(may({1001, 1000, {}}, R_OK | X_OK), 0);
  EXPECT_EQ(may({1001, 1000, {}}, W_OK), EACCES);
  ASSERT_OK(::chmod(path("file").c_str(), 0644));
  EXPECT_OK(::access(path("file").c_str(), W_OK));
  EXPECT_ERRNO(EACCES, ::access(path("file").c_str(), X_OK));  // Not even root executes it.
}

TEST_F(CallerTest, AnOpenDescriptorKeepsItsRights) {
  make_file("file", "content");
  own("file", 1000, 1000, 0600);
  Fd fd = open_fd(path("file"), O_RDWR);
  EXPECT_EQ(in_child([&] {
              if (::setresgid(1001, 1001, 1001) != 0 || ::setresuid(1001, 1001, 1001) != 0) {
                return 200;
              }
              char byte = 0;
              if (::pread(fd.get(), &byte, 1, 0) != 1) return errno;
              return ::pwrite(fd.get(), "C", 1, 0) == 1 ? 0 : errno;
            }),
            0);
}

}  // namespace
}  // namespace vexfs::e2e
