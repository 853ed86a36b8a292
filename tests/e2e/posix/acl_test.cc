// POSIX ACLs: who they let in, how they and the mode follow each other, and how they are inherited.
#include "tests/e2e/support/acl.h"

#include <sys/xattr.h>
#include <unistd.h>

#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

class AclTest : public PosixTest {
 protected:
  void SetUp() override {
    PosixTest::SetUp();
    VEXFS_NEEDS(kAcl);
  }
  int open_as(uid_t uid, gid_t gid, std::string_view name, int flags) const {
    return as_caller({uid, gid, {}}, [&] { return error_of(::open(path(name).c_str(), flags)); });
  }
};

TEST_F(AclTest, RoundTrip) {
  make_file("file", "", 0640);
  const Acl acl = Acl().user_obj(6).user(1000, 4).group_obj(4).group(2000, 6).mask(6).other(0);
  ASSERT_TRUE(set_acl(path("file"), kAccessAcl, acl));
  EXPECT_EQ(get_acl(path("file"), kAccessAcl), acl.value());
  char names[256];
  const ssize_t size = ::listxattr(path("file").c_str(), names, sizeof names);
  ASSERT_OK(size);
  EXPECT_NE(std::string(names, static_cast<size_t>(size)).find(kAccessAcl), std::string::npos);
  ASSERT_OK(::removexattr(path("file").c_str(), kAccessAcl));
  EXPECT_EQ(get_acl(path("file"), kAccessAcl), "");
}

TEST_F(AclTest, TheMaskIsTheGroupBitsOfTheMode) {
  make_file("file", "", 0600);
  ASSERT_TRUE(set_acl(path("file"), kAccessAcl,
                      Acl().user_obj(6).user(1000, 7).group_obj(0).mask(5).other(1)));
  EXPECT_EQ(stat_of("file").st_mode & 0777U, 0651U);
  ASSERT_OK(::chmod(path("file").c_str(), 0640));
  EXPECT_EQ(get_acl(path("file"), kAccessAcl),
            Acl().user_obj(6).user(1000, 7).group_obj(0).mask(4).other(0).value());
}

TEST_F(AclTest, AMinimalAclIsJustAMode) {
  make_file("file", "", 0600);
  ASSERT_TRUE(set_acl(path("file"), kAccessAcl, Acl().user_obj(7).group_obj(5).other(1)));
  EXPECT_EQ(stat_of("file").st_mode & 0777U, 0751U);
}

TEST_F(AclTest, NamedUsersAndGroupsAreLetIn) {
  VEXFS_NEEDS_ROOT();
  make_file("file", "content", 0600);
  EXPECT_EQ(open_as(1000, 1000, "file", O_RDONLY), EACCES);
  ASSERT_TRUE(
      set_acl(path("file"), kAccessAcl,
              Acl().user_obj(6).user(1000, 4).group_obj(0).group(2000, 6).mask(6).other(0)));
  EXPECT_EQ(open_as(1000, 1000, "file", O_RDONLY), 0);
  EXPECT_EQ(open_as(1000, 1000, "file", O_RDWR), EACCES);
  EXPECT_EQ(open_as(1001, 2000, "file", O_RDWR), 0);
  EXPECT_EQ(open_as(1001, 1001, "file", O_RDONLY), EACCES);
  EXPECT_EQ(as_caller({1001, 1001, {2000}},
                      [&] { return error_of(::open(path("file").c_str(), O_RDWR)); }),
            0);
  ASSERT_OK(::chmod(path("file").c_str(), 0600));  // An empty mask takes all named entries' rights.
  EXPECT_EQ(open_as(1000, 1000, "file", O_RDONLY), EACCES);
}

TEST_F(AclTest, NamedEntriesTakeAwayToo) {
  VEXFS_NEEDS_ROOT();
  make_file("file", "content", 0644);
  ASSERT_TRUE(set_acl(path("file"), kAccessAcl,
                      Acl().user_obj(6).user(1000, 0).group_obj(4).mask(4).other(4)));
  EXPECT_EQ(open_as(1000, 1000, "file", O_RDONLY), EACCES);
  EXPECT_EQ(open_as(1001, 1001, "file", O_RDONLY), 0);
}

TEST_F(AclTest, DefaultAclsAreInheritedAndTheUmaskIsNot) {
  make_dir("dir");
  const Acl acl = Acl().user_obj(7).user(1000, 7).group_obj(5).mask(7).other(0);
  ASSERT_TRUE(set_acl(path("dir"), kDefaultAcl, acl));
  const mode_t saved = ::umask(077);
  Fd file(::open(path("dir/file").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666));
  const int made = ::mkdir(path("dir/sub").c_str(), 0777);
  const int fifo = ::mkfifo(path("dir/fifo").c_str(), 0660);
  ::umask(saved);
  ASSERT_OK(file.get());
  ASSERT_OK(made);
  ASSERT_OK(fifo);
  EXPECT_EQ(stat_of("dir/file").st_mode & 0777U, 0660U);
  EXPECT_EQ(get_acl(path("dir/file"), kAccessAcl),
            Acl().user_obj(6).user(1000, 7).group_obj(5).mask(6).other(0).value());
  EXPECT_EQ(stat_of("dir/sub").st_mode & 0777U, 0770U);
  EXPECT_EQ(get_acl(path("dir/sub"), kAccessAcl), acl.value());
  EXPECT_EQ(get_acl(path("dir/sub"), kDefaultAcl), acl.value());
  EXPECT_EQ(stat_of("dir/fifo").st_mode & 0777U, 0660U);
  EXPECT_NE(get_acl(path("dir/fifo"), kAccessAcl), "");
}

TEST_F(AclTest, ModesNarrowWhatIsInherited) {
  make_dir("dir");
  ASSERT_TRUE(set_acl(path("dir"), kDefaultAcl,
                      Acl().user_obj(7).user(1000, 6).group_obj(7).mask(7).other(7)));
  Fd file(::open(path("dir/file").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0640));
  ASSERT_OK(file.get());
  EXPECT_EQ(stat_of("dir/file").st_mode & 0777U, 0640U);
  EXPECT_EQ(get_acl(path("dir/file"), kAccessAcl),
            Acl().user_obj(6).user(1000, 6).group_obj(7).mask(4).other(0).value());
}

TEST_F(AclTest, AMinimalDefaultAclReplacesTheUmask) {
  make_dir("dir");
  ASSERT_TRUE(set_acl(path("dir"), kDefaultAcl, Acl().user_obj(7).group_obj(7).other(0)));
  const mode_t saved = ::umask(022);
  Fd file(::open(path("dir/file").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666));
  ::umask(saved);
  ASSERT_OK(file.get());
  EXPECT_EQ(stat_of("dir/file").st_mode & 0777U, 0660U);
}

TEST_F(AclTest, DefaultAclsReachTemporaryFiles) {
  VEXFS_NEEDS(kTmpfile);
  make_dir("dir");
  ASSERT_TRUE(set_acl(path("dir"), kDefaultAcl,
                      Acl().user_obj(7).user(1000, 7).group_obj(5).mask(7).other(0)));
  Fd fd = open_fd(path("dir"), O_TMPFILE | O_RDWR, 0666);
  ASSERT_TRUE(fd.valid());
  ASSERT_OK(::linkat(AT_FDCWD, magic_link(fd.get()).c_str(), AT_FDCWD, path("dir/file").c_str(),
                     AT_SYMLINK_FOLLOW));
  EXPECT_EQ(get_acl(path("dir/file"), kAccessAcl),
            Acl().user_obj(6).user(1000, 7).group_obj(5).mask(6).other(0).value());
}

TEST_F(AclTest, Errors) {
  make_file("file");
  EXPECT_FALSE(set_acl(path("file"), kDefaultAcl, Acl().user_obj(7).group_obj(5).other(0)));
  EXPECT_EQ(errno, EACCES);
  EXPECT_FALSE(set_acl(path("file"), kAccessAcl, Acl().user_obj(7).user(1, 7).other(0)));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_ERRNO(EOPNOTSUPP, ::setxattr(path("file").c_str(), kAccessAcl, "rubbish", 7, 0));
  EXPECT_ERRNO(EINVAL, ::setxattr(path("file").c_str(), kAccessAcl, "\2\0\0\0cut", 7, 0));
}

TEST_F(AclTest, OnlyTheOwnerSetsThem) {
  VEXFS_NEEDS_ROOT();
  make_file("file", "", 0666);
  const Acl acl = Acl().user_obj(6).user(1000, 7).group_obj(4).mask(7).other(4);
  const auto set_as_other = [&] {
    return as_caller({1000, 1000, {}},
                     [&] { return set_acl(path("file"), kAccessAcl, acl) ? 0 : errno; });
  };
  EXPECT_EQ(set_as_other(), EPERM);
  ASSERT_OK(::chown(path("file").c_str(), 1000, 1000));
  EXPECT_EQ(set_as_other(), 0);
}

TEST_F(AclTest, SettingAnAclOutsideTheGroupClearsSetgid) {
  VEXFS_NEEDS_ROOT();
  make_file("file");
  ASSERT_OK(::chown(path("file").c_str(), 1000, 2000));
  ASSERT_OK(::chmod(path("file").c_str(), 02755));
  EXPECT_EQ(as_caller({1000, 1000, {}},
                      [&] {
                        return set_acl(path("file"), kAccessAcl,
                                       Acl().user_obj(7).user(5, 7).group_obj(5).mask(7).other(0))
                                   ? 0
                                   : errno;
                      }),
            0);
  EXPECT_EQ(stat_of("file").st_mode & 07777U, 0770U);
}

TEST_F(AclTest, AreSeenBehindTheMountAndThroughIt) {
  VEXFS_NEEDS_BACKING();
  make_file("file", "", 0600);
  const Acl acl = Acl().user_obj(6).user(1000, 4).group_obj(4).mask(4).other(0);
  ASSERT_TRUE(set_acl(path("file"), kAccessAcl, acl));
  EXPECT_EQ(get_acl(backing("file"), kAccessAcl), acl.value());
}

}  // namespace
}  // namespace vexfs::e2e
