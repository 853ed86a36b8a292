// Extended attributes: set, get, list, remove; their sizes and their namespaces.
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

class Xattr : public PosixTest {
 protected:
  int set(std::string_view file, const char* name, std::string_view value, int flags = 0) const {
    return ::setxattr(path(file).c_str(), name, value.data(), value.size(), flags);
  }
  std::string get(std::string_view file, const char* name) const {
    std::vector<char> buffer(70000);
    const ssize_t size = ::getxattr(path(file).c_str(), name, buffer.data(), buffer.size());
    EXPECT_TRUE(succeeded(size)) << name;
    return size < 0 ? std::string() : std::string(buffer.data(), static_cast<size_t>(size));
  }
  ssize_t size_of(std::string_view file, const char* name) const {
    return ::getxattr(path(file).c_str(), name, nullptr, 0);
  }
  std::set<std::string> list(std::string_view file) const {
    std::vector<char> buffer(70000);
    const ssize_t size = ::listxattr(path(file).c_str(), buffer.data(), buffer.size());
    EXPECT_OK(size);
    std::set<std::string> names;
    for (size_t at = 0; at < static_cast<size_t>(std::max<ssize_t>(size, 0));) {
      const std::string name(&buffer[at]);
      at += name.size() + 1;
      names.insert(name);
    }
    return names;
  }
};

TEST_F(Xattr, SetGetListRemove) {
  VEXFS_NEEDS(kUserXattr);
  make_file("file");
  ASSERT_OK(set("file", "user.one", "first"));
  ASSERT_OK(set("file", "user.two", std::string("\0binary\xff", 8)));
  EXPECT_EQ(get("file", "user.one"), "first");
  EXPECT_EQ(get("file", "user.two"), std::string("\0binary\xff", 8));
  const auto names = list("file");
  EXPECT_TRUE(names.contains("user.one"));
  EXPECT_TRUE(names.contains("user.two"));
  ASSERT_OK(::removexattr(path("file").c_str(), "user.one"));
  EXPECT_ERRNO(ENODATA, size_of("file", "user.one"));
  EXPECT_ERRNO(ENODATA, ::removexattr(path("file").c_str(), "user.one"));
  EXPECT_FALSE(list("file").contains("user.one"));
}

TEST_F(Xattr, CreateAndReplace) {
  VEXFS_NEEDS(kUserXattr);
  make_file("file");
  EXPECT_ERRNO(ENODATA, set("file", "user.a", "x", XATTR_REPLACE));
  ASSERT_OK(set("file", "user.a", "one", XATTR_CREATE));
  EXPECT_ERRNO(EEXIST, set("file", "user.a", "two", XATTR_CREATE));
  EXPECT_EQ(get("file", "user.a"), "one");
  ASSERT_OK(set("file", "user.a", "three", XATTR_REPLACE));
  EXPECT_EQ(get("file", "user.a"), "three");
}

TEST_F(Xattr, SizesAndShortBuffers) {
  VEXFS_NEEDS(kUserXattr);
  make_file("file");
  ASSERT_OK(set("file", "user.a", "0123456789"));
  EXPECT_EQ(size_of("file", "user.a"), 10);
  std::array<char, 64> buffer;
  EXPECT_ERRNO(ERANGE, ::getxattr(path("file").c_str(), "user.a", buffer.data(), 9));
  EXPECT_EQ(::getxattr(path("file").c_str(), "user.a", buffer.data(), 10), 10);
  EXPECT_EQ(::getxattr(path("file").c_str(), "user.a", buffer.data(), 64), 10);
  const ssize_t listed = ::listxattr(path("file").c_str(), nullptr, 0);
  EXPECT_GE(listed, 7);
  EXPECT_ERRNO(ERANGE, ::listxattr(path("file").c_str(), buffer.data(), 3));
}

TEST_F(Xattr, EmptyAndLargeValues) {
  VEXFS_NEEDS(kUserXattr);
  make_file("file");
  ASSERT_OK(set("file", "user.empty", ""));
  EXPECT_EQ(size_of("file", "user.empty"), 0);
  EXPECT_EQ(get("file", "user.empty"), "");
  EXPECT_TRUE(list("file").contains("user.empty"));
  make_file("large");
  const std::string value(4000, 'v');
  ASSERT_OK(set("large", "user.large", value));
  EXPECT_EQ(get("large", "user.large"), value);
}

TEST_F(Xattr, EverySizeEndsAsOnTheBacking) {
  VEXFS_NEEDS(kUserXattr);
  Fd control(::open(reference("file").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644));
  ASSERT_OK(control.get());
  Fd fd = create("file");
  for (const size_t bytes : {100UL, 4096UL, 16000UL, 65536UL, 65537UL}) {
    const std::string value(bytes, 'v');
    const int expected =
        error_of(::fsetxattr(control.get(), "user.value", value.data(), value.size(), 0));
    EXPECT_EQ(error_of(::fsetxattr(fd.get(), "user.value", value.data(), value.size(), 0)),
              expected)
        << bytes;
    if (expected == 0) {
      EXPECT_TRUE(get("file", "user.value") == value) << bytes;
    }
  }
}

TEST_F(Xattr, NamesUpToTheLimit) {
  VEXFS_NEEDS(kUserXattr);
  make_file("file");
  const std::string longest = "user." + std::string(250, 'n');
  ASSERT_OK(set("file", longest.c_str(), "long"));
  EXPECT_EQ(get("file", longest.c_str()), "long");
  EXPECT_TRUE(list("file").contains(longest));
  EXPECT_ERRNO(ERANGE, set("file", (longest + "n").c_str(), "over"));
  EXPECT_ERRNO(EOPNOTSUPP, set("file", "unknown.name", "x"));
}

TEST_F(Xattr, ThroughDescriptorsOnDirectoriesAndAcrossRename) {
  VEXFS_NEEDS(kUserXattr);
  Fd fd = create("file");
  ASSERT_OK(::fsetxattr(fd.get(), "user.a", "value", 5, 0));
  EXPECT_EQ(get("file", "user.a"), "value");
  ASSERT_OK(::rename(path("file").c_str(), path("moved").c_str()));
  EXPECT_EQ(get("moved", "user.a"), "value");
  ASSERT_OK(::link(path("moved").c_str(), path("second").c_str()));
  EXPECT_EQ(get("second", "user.a"), "value");
  char buffer[8];
  EXPECT_EQ(::fgetxattr(fd.get(), "user.a", buffer, sizeof buffer), 5);
  EXPECT_OK(::fremovexattr(fd.get(), "user.a"));
  make_dir("dir");
  ASSERT_OK(set("dir", "user.d", "dir"));
  EXPECT_EQ(get("dir", "user.d"), "dir");
}

TEST_F(Xattr, UserAttributesAreForFilesAndDirectoriesOnly) {
  VEXFS_NEEDS(kUserXattr);
  ASSERT_OK(::symlink("nowhere", path("link").c_str()));
  EXPECT_ERRNO(EPERM, ::lsetxattr(path("link").c_str(), "user.a", "x", 1, 0));
  ASSERT_OK(::mkfifo(path("fifo").c_str(), 0600));
  EXPECT_ERRNO(EPERM, set("fifo", "user.a", "x"));
  EXPECT_GE(::llistxattr(path("link").c_str(), nullptr, 0), 0);
}

TEST_F(Xattr, PermissionsAreTheFiles) {
  VEXFS_NEEDS(kUserXattr);
  if (environment().privileged) {
    make_file("file", "", 0644);
    ASSERT_OK(set("file", "user.a", "x"));
    const auto as_other = [&](const Body& body) { return as_caller({1000, 1000, {}}, body); };
    EXPECT_EQ(as_other([&] { return error_of(set("file", "user.b", "x")); }), EACCES);
    EXPECT_EQ(as_other([&] { return size_of("file", "user.a") == 1 ? 0 : errno; }), 0);
    ASSERT_OK(::chmod(path("file").c_str(), 0600));
    EXPECT_EQ(as_other([&] { return error_of(size_of("file", "user.a")); }), EACCES);
  } else {
    make_file("file", "", 0400);
    EXPECT_ERRNO(EACCES, set("file", "user.b", "x"));
    EXPECT_ERRNO(ENODATA, size_of("file", "user.b"));
  }
}

TEST_F(Xattr, SettingMovesTheChangeTime) {
  VEXFS_NEEDS(kUserXattr);
  make_file("file");
  const struct stat before = stat_of("file");
  int round = 0;
  EXPECT_TRUE(eventually([&] {
    set("file", "user.a", std::to_string(++round));
    return !same_time(stat_of("file").st_ctim, before.st_ctim);
  }));
  EXPECT_TRUE(same_time(stat_of("file").st_mtim, before.st_mtim));
}

TEST_F(Xattr, TrustedIsForRootAlone) {
  make_file("file");
  if (!environment().privileged) {
    EXPECT_ERRNO(EPERM, set("file", "trusted.a", "x"));
    EXPECT_ERRNO(ENODATA, size_of("file", "trusted.a"));
    return;
  }
  ASSERT_OK(::chmod(path("file").c_str(), 0666));
  ASSERT_OK(set("file", "trusted.a", "secret"));
  EXPECT_EQ(get("file", "trusted.a"), "secret");
  EXPECT_TRUE(list("file").contains("trusted.a"));
  // ext4, xfs and tmpfs hide the name from others as well; btrfs does not.
  const Fd control = open_fd(reference("file"), O_CREAT | O_RDWR);
  ASSERT_OK(::fsetxattr(control.get(), "trusted.a", "secret", 6, 0));
  const auto hidden_from_others = [](const Fd& file) {
    return as_caller({1000, 1000, {}}, [&] {
      std::array<char, 1024> names;
      const ssize_t size = ::flistxattr(file.get(), names.data(), names.size());
      if (size < 0) return 200;
      const std::string_view all(names.data(), static_cast<size_t>(size));
      return all.find("trusted.a") == std::string_view::npos ? 1 : 0;
    });
  };
  const int hidden = hidden_from_others(open_fd(path("file"), O_RDWR));
  EXPECT_LE(hidden, 1);
  EXPECT_GE(hidden, hidden_from_others(control));
  EXPECT_EQ(as_caller({1000, 1000, {}}, [&] { return error_of(size_of("file", "trusted.a")); }),
            ENODATA);
  EXPECT_EQ(as_caller({1000, 1000, {}}, [&] { return error_of(set("file", "trusted.a", "x")); }),
            EPERM);
}

TEST_F(Xattr, SecurityIsForRootAlone) {
  make_file("file");
  if (!environment().privileged) {
    EXPECT_NE(set("file", "security.vexfs_test", "x"), 0);
    return;
  }
  ASSERT_OK(set("file", "security.vexfs_test", "label"));
  EXPECT_EQ(get("file", "security.vexfs_test"), "label");
  EXPECT_TRUE(list("file").contains("security.vexfs_test"));
  ASSERT_OK(::removexattr(path("file").c_str(), "security.vexfs_test"));
}

TEST_F(Xattr, AreSeenBehindTheMount) {
  VEXFS_NEEDS(kUserXattr);
  VEXFS_NEEDS_BACKING();
  make_file("file");
  ASSERT_OK(set("file", "user.through", "mount"));
  char buffer[16] = {};
  EXPECT_EQ(::getxattr(backing("file").c_str(), "user.through", buffer, sizeof buffer), 5);
  EXPECT_STREQ(buffer, "mount");
  ASSERT_OK(::setxattr(backing("file").c_str(), "user.behind", "other", 5, 0));
  EXPECT_EQ(get("file", "user.behind"), "other");
}

}  // namespace
}  // namespace vexfs::e2e
