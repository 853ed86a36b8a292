// Files that are read, and those that are not, whoever put them there.
#include "tree/named_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/fd.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::tree {
namespace {

constexpr size_t kMost = 100;
constexpr uid_t kStranger = 65534;
constexpr gid_t kStrangersGroup = 4321;

class NamedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::fchmod(directory_.fd().get(), 0755), 0);
    put("key", "secret-1\nrest\n", 0600);
  }
  void put(const std::string& name, const std::string& content, mode_t mode) {
    const Fd file = directory_.create(name.c_str(), content);
    ASSERT_EQ(::fchmod(file.get(), mode), 0);
  }
  std::string path(const std::string& name) { return directory_.path(name.c_str()); }
  void expect_refused(const std::string& path, const std::string& why) {
    const auto read = read_named_file(path, kMost);
    EXPECT_EQ(read.error(), EACCES) << path;
    EXPECT_NE(std::string(read.status().what()).find(why), std::string::npos)
        << read.status().what();
  }

  TemporaryDirectory directory_;
};

TEST_F(NamedFileTest, IsRead) {
  EXPECT_EQ(read_named_file(path("key"), kMost).value(), "secret-1\nrest\n");
  EXPECT_EQ(read_named_file("/" + path(".//key"), kMost).value(), "secret-1\nrest\n");
  EXPECT_EQ(read_named_file(path("key"), 13).error(), EFBIG);
}

TEST_F(NamedFileTest, WhatIsNoFile) {
  expect_refused(path("none"), "cannot be reached");
  expect_refused("key", "relative");
  expect_refused("", "relative");
  expect_refused("/", "no file");
  expect_refused(path("none/../key"), "cannot be reached");
  expect_refused(path(""), "no file");
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  expect_refused(path("pipe"), "no file");
}

TEST_F(NamedFileTest, OtherNamesLeadNowhere) {
  std::filesystem::create_symlink(path("key"), path("link"));
  expect_refused(path("link"), "symbolic link");
  std::filesystem::create_directory_symlink(directory_.path(""), path("way"));
  expect_refused(path("way/key"), "symbolic link");
  std::filesystem::create_hard_link(path("key"), path("second"));
  expect_refused(path("second"), "another name");
  expect_refused(path("key"), "another name");
}

// The capabilities of this process do not count.
TEST_F(NamedFileTest, TheReaderMustBeAllowed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  const gid_t groups[] = {kStrangersGroup};
  const Credentials other{.uid = kStranger, .gid = kStranger, .groups = {}};
  const Credentials member{.uid = kStranger, .gid = kStranger, .groups = groups};
  const auto reads = [&](const Credentials& reader) {
    return read_named_file(reader, path("key"), kMost).ok();
  };
  EXPECT_FALSE(reads(other));
  ASSERT_EQ(::chown(path("key").c_str(), 0, kStrangersGroup), 0);
  ASSERT_EQ(::chmod(path("key").c_str(), 0640), 0);
  EXPECT_FALSE(reads(other));
  EXPECT_TRUE(reads(member));
  ASSERT_EQ(::chown(path("key").c_str(), kStranger, 0), 0);
  EXPECT_TRUE(reads(other));
  ASSERT_EQ(::fchmod(directory_.fd().get(), 0700), 0);
  EXPECT_FALSE(reads(other)) << "the directory may not be searched";
}

}  // namespace
}  // namespace vexfs::tree
