// Tests of ObjectKeys: an inode has the same key however it is reached, and no other inode has it.
#include "tree/object_key.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "base/testing/temporary_directory.h"

namespace vexfs::tree {
namespace {

Fd open_path(const TemporaryDirectory& directory, const char* name) {
  return Fd(::openat(directory.fd().get(), name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

TEST(ObjectKeyTest, NamesTheInodeAndNotTheName) {
  const TemporaryDirectory directory;
  const auto keys = ObjectKeys::of_source(directory.fd().get());
  ASSERT_TRUE(keys.ok());
  const Fd a = directory.create("a", "");
  const Fd b = directory.create("b", "");
  const auto before = keys.value().key_of(a.get());
  ASSERT_TRUE(before.ok());
  EXPECT_FALSE(before.value() == keys.value().key_of(b.get()).value());
  ASSERT_EQ(::renameat(directory.fd().get(), "a", directory.fd().get(), "b"), 0);
  const Fd renamed = open_path(directory, "b");
  EXPECT_TRUE(before.value() == keys.value().key_of(renamed.get()).value());
}

TEST(ObjectKeyTest, IsTheSameWithoutPrivileges) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become nobody";
  const TemporaryDirectory directory;
  ASSERT_EQ(::fchmod(directory.fd().get(), 0755), 0);
  const Fd file = directory.create("a", "");
  const auto keys = ObjectKeys::of_source(directory.fd().get());
  ASSERT_TRUE(keys.ok());
  const ObjectKey expected = keys.value().key_of(file.get()).value();
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setresuid(65534, 65534, 65534) != 0) ::_exit(2);
    const auto own = ObjectKeys::of_source(directory.fd().get());
    const Fd path = open_path(directory, "a");
    ::_exit(own.ok() && own.value().key_of(path.get()).value() == expected ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(ObjectKeyTest, AHandleThatIsAlreadyKnownGivesTheSameKey) {
  const TemporaryDirectory directory;
  const Fd file = directory.create("a", "");
  const auto keys = ObjectKeys::of_source(directory.fd().get());
  ASSERT_TRUE(keys.ok());
  if (!keys.value().by_handle()) GTEST_SKIP() << "no handles here";
  struct {
    file_handle head;
    unsigned char bytes[128];
  } handle = {};
  handle.head.handle_bytes = sizeof(handle.bytes);
  int mount = 0;
  ASSERT_EQ(::name_to_handle_at(file.get(), "", &handle.head, &mount, AT_EMPTY_PATH), 0);
  const auto key =
      key_from_handle(handle.head.handle_type, {handle.head.f_handle, handle.head.handle_bytes});
  ASSERT_TRUE(key.ok());
  EXPECT_TRUE(key.value() == keys.value().key_of(file.get()).value());
}

TEST(ObjectKeyTest, RefusesHandlesThatNoKeyCanHold) {
  const unsigned char bytes[129] = {};
  EXPECT_EQ(key_from_handle(1, bytes).error(), EOVERFLOW);
  EXPECT_EQ(key_from_handle(kInodeKeyTag, {bytes, 8}).error(), EOVERFLOW);
  EXPECT_EQ(key_from_handle(kAbsentKeyTag, {bytes, 8}).error(), EOVERFLOW);
  EXPECT_EQ(key_from_handle(0x10001, {bytes, 8}).error(), EOVERFLOW);
  EXPECT_EQ(key_from_handle(-1, {bytes, 8}).error(), EOVERFLOW);
  EXPECT_TRUE(key_from_handle(1, {bytes, 128}).ok());
}

TEST(ObjectKeyTest, OpensTheInodeUntilItIsGone) {
  const TemporaryDirectory directory;
  Fd file = directory.create("a", "");
  const auto keys = ObjectKeys::of_source(directory.fd().get());
  ASSERT_TRUE(keys.ok());
  const ObjectKey key = keys.value().key_of(file.get()).value();
  const auto opened = open_by_key(directory.fd().get(), key, O_PATH);
  if (opened.error() == EPERM || !keys.value().by_handle())
    GTEST_SKIP() << "may not open by handle";
  ASSERT_TRUE(opened.ok());
  EXPECT_TRUE(keys.value().key_of(opened.value().get()).value() == key);
}

TEST(ObjectKeyTest, AKeyWithoutAHandleOpensNothing) {
  const TemporaryDirectory directory;
  EXPECT_EQ(open_by_key(directory.fd().get(), absent_key(store::ObjectId{7}), O_PATH).error(),
            ESTALE);
  EXPECT_EQ(open_by_key(directory.fd().get(), ObjectKey{}, O_PATH).error(), ESTALE);
  EXPECT_FALSE(absent_key(store::ObjectId{7}) == absent_key(store::ObjectId{8}));
}

// The child gives itself a mount namespace and mounts inside the source.
int key_error_on(const char* type, const TemporaryDirectory& directory, const char* target) {
  const auto keys = ObjectKeys::of_source(directory.fd().get());
  if (!keys.ok()) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount(type == nullptr ? target : "none", target, type, type == nullptr ? MS_BIND : 0,
                nullptr) != 0) {
      ::_exit(255);
    }
    const Fd inside(::open(target, O_PATH | O_CLOEXEC));
    ::_exit(keys.value().key_of(inside.get()).error());
  }
  int status = -1;
  if (::waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(ObjectKeyTest, WhatIsMountedInsideHasNoKey) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to mount";
  const TemporaryDirectory directory;
  ASSERT_EQ(::mkdirat(directory.fd().get(), "inside", 0700), 0);
  char root[4096] = {};
  ASSERT_GT(::readlink(("/proc/self/fd/" + std::to_string(directory.fd().get())).c_str(), root,
                       sizeof(root) - 1),
            0);
  const std::string target = std::string(root) + "/inside";
  for (const char* type : {"tmpfs", "proc", static_cast<const char*>(nullptr)}) {
    const int error = key_error_on(type, directory, target.c_str());
    if (error == 255) continue;  // May not mount here.
    EXPECT_EQ(error, EXDEV) << (type == nullptr ? "bind" : type);
  }
  ASSERT_EQ(::unlinkat(directory.fd().get(), "inside", AT_REMOVEDIR), 0);
}

}  // namespace
}  // namespace vexfs::tree
