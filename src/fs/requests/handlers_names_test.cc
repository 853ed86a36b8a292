// Tests of the handlers of names: what reaches the source, what is refused, and what is answered.
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/requests/testing/handler_fixture.h"

namespace vexfs::fs {
namespace {

using std::string_view_literals::operator""sv;

class HandlersNamesTest : public HandlerTest {
 protected:
  Answer mkdir(uint64_t parent, std::string_view name) {
    return ask(FUSE_MKDIR, parent, fuse_mkdir_in{0755, 022}, name);
  }
  Answer mknod(uint64_t parent, std::string_view name) {
    return ask(FUSE_MKNOD, parent, fuse_mknod_in{S_IFREG | 0640, 0, 0, 0}, name);
  }
  Answer rename(uint64_t parent, std::string_view name, uint64_t to, std::string_view new_name,
                uint32_t flags = 0) {
    return ask(FUSE_RENAME2, parent, fuse_rename2_in{to, flags, 0},
               std::string(name) + '\0' + std::string(new_name));
  }
  Answer symlink(uint64_t parent, std::string_view name, std::string_view target) {
    return ask(FUSE_SYMLINK, parent, std::string(name) + '\0' + std::string(target));
  }
  Answer link(uint64_t node, uint64_t parent, std::string_view name) {
    return ask(FUSE_LINK, parent, fuse_link_in{node}, name);
  }
};

TEST_F(HandlersNamesTest, WhatIsMadeIsInTheSourceAndInTheReply) {
  const Answer made = mkdir(kRoot, "directory");
  ASSERT_EQ(made.error, 0);
  const fuse_entry_out entry = entry_of(made);
  EXPECT_EQ(entry.attr.mode, static_cast<uint32_t>(S_IFDIR | 0755));
  EXPECT_EQ(look_up("directory"), entry.nodeid);
  const Answer file = mknod(entry.nodeid, "file");
  ASSERT_EQ(file.error, 0);
  EXPECT_EQ(entry_of(file).attr.mode, static_cast<uint32_t>(S_IFREG | 0640));
  EXPECT_TRUE(directory_.has("directory/file"));
  ASSERT_EQ(symlink(kRoot, "symlink", "anywhere").error, 0);
  char target[16];
  EXPECT_EQ(::readlinkat(directory_.fd().get(), "symlink", target, sizeof(target)), 8);
  EXPECT_EQ(fs_.counters.of(Operation::mkdir), 1U);
  EXPECT_EQ(fs_.counters.of(Operation::mknod), 1U);
}

TEST_F(HandlersNamesTest, ErrorsAreTheSources) {
  ASSERT_EQ(mkdir(kRoot, "directory").error, 0);
  EXPECT_EQ(mkdir(kRoot, "directory").error, EEXIST);
  EXPECT_EQ(mknod(kRoot, "directory").error, EEXIST);
  EXPECT_EQ(symlink(kRoot, "directory", "x").error, EEXIST);
  const uint64_t directory = look_up("directory");
  ASSERT_EQ(mknod(directory, "file").error, 0);
  EXPECT_EQ(ask(FUSE_RMDIR, kRoot, "directory").error, ENOTEMPTY);
  EXPECT_EQ(ask(FUSE_UNLINK, kRoot, "directory").error, EISDIR);
  EXPECT_EQ(ask(FUSE_RMDIR, directory, "file").error, ENOTDIR);
  EXPECT_EQ(ask(FUSE_UNLINK, kRoot, "absent").error, ENOENT);
  EXPECT_EQ(rename(kRoot, "absent", kRoot, "x").error, ENOENT);
  EXPECT_EQ(mkdir(4711, "x").error, ESTALE) << "a node that the mount does not know";
  EXPECT_EQ(mkdir(kRoot, std::string(256, 'x')).error, ENAMETOOLONG);
}

TEST_F(HandlersNamesTest, TheSurfaceAndItsNameAreNobodys) {
  ASSERT_EQ(mknod(kRoot, "file").error, 0);
  const uint64_t file = look_up("file");
  const uint64_t vexfs = surface(SurfaceFile::kDirectory);
  EXPECT_EQ(mkdir(kRoot, ".vexfs").error, EEXIST);
  EXPECT_EQ(mknod(kRoot, ".vexfs").error, EEXIST);
  EXPECT_EQ(symlink(kRoot, ".vexfs", "x").error, EEXIST);
  EXPECT_EQ(link(file, kRoot, ".vexfs").error, EEXIST);
  EXPECT_EQ(ask(FUSE_UNLINK, kRoot, ".vexfs").error, EPERM);
  EXPECT_EQ(ask(FUSE_RMDIR, kRoot, ".vexfs").error, EPERM);
  EXPECT_EQ(rename(kRoot, "file", kRoot, ".vexfs").error, EPERM);
  EXPECT_EQ(rename(kRoot, ".vexfs", kRoot, "x").error, EPERM);
  for (const uint64_t node : {vexfs, surface(SurfaceFile::kSearch)}) {
    EXPECT_EQ(mkdir(node, "x").error, EPERM);
    EXPECT_EQ(mknod(node, "x").error, EPERM);
    EXPECT_EQ(symlink(node, "x", "y").error, EPERM);
    EXPECT_EQ(link(file, node, "x").error, EPERM);
    EXPECT_EQ(ask(FUSE_UNLINK, node, "status").error, EPERM);
    EXPECT_EQ(ask(FUSE_RMDIR, node, "search").error, EPERM);
    EXPECT_EQ(rename(node, "status", kRoot, "x").error, EPERM);
    EXPECT_EQ(rename(kRoot, "file", node, "x").error, EPERM);
  }
  EXPECT_EQ(link(surface(SurfaceFile::kStatus), kRoot, "x").error, EPERM);
  EXPECT_FALSE(directory_.has(".vexfs"));
  EXPECT_TRUE(directory_.has("file"));
}

// A directory that was indexed by itself, or copied from such a place, has a `.vexfs` of its own.
TEST_F(HandlersNamesTest, WhatASourceHasBelowItsRootComesBeforeTheSurface) {
  ASSERT_EQ(mkdir(kRoot, "directory").error, 0);
  const uint64_t directory = look_up("directory");
  const auto is_surface_found = [&] {
    const Answer found = ask(FUSE_LOOKUP, directory, ".vexfs");
    return found.error == 0 && is_surface(NodeId{entry_of(found).nodeid});
  };
  EXPECT_TRUE(is_surface_found());
  EXPECT_EQ(ask(FUSE_RMDIR, directory, ".vexfs").error, EPERM);
  EXPECT_EQ(rename(directory, ".vexfs", kRoot, "x").error, EPERM);
  const std::string store = directory_.path("directory/.vexfs");
  ASSERT_EQ(::mkdir(store.c_str(), 0700), 0);
  ASSERT_EQ(::mkdir((store + "/spaces").c_str(), 0700), 0);

  EXPECT_FALSE(is_surface_found());
  EXPECT_EQ(mkdir(directory, ".vexfs").error, EEXIST);
  EXPECT_EQ(ask(FUSE_RMDIR, kRoot, "directory").error, ENOTEMPTY);
  EXPECT_EQ(ask(FUSE_RMDIR, directory, ".vexfs").error, ENOTEMPTY);
  const uint64_t inner = entry_of(ask(FUSE_LOOKUP, directory, ".vexfs")).nodeid;
  EXPECT_EQ(ask(FUSE_RMDIR, inner, "spaces").error, 0);
  EXPECT_EQ(rename(kRoot, "directory", directory, ".vexfs").error, EPERM);
  EXPECT_EQ(rename(directory, ".vexfs", kRoot, "moved").error, 0);
  EXPECT_TRUE(directory_.has("moved"));
  ASSERT_EQ(::mkdir(store.c_str(), 0700), 0);
  EXPECT_EQ(ask(FUSE_RMDIR, directory, ".vexfs").error, 0);
  EXPECT_TRUE(is_surface_found());
  EXPECT_EQ(ask(FUSE_RMDIR, kRoot, "directory").error, 0);
}

TEST_F(HandlersNamesTest, TheStoreOfTheMountItselfIsOutOfReach) {
  ASSERT_EQ(::mkdirat(directory_.fd().get(), ".vexfs", 0700), 0);
  EXPECT_EQ(entry_of(ask(FUSE_LOOKUP, kRoot, ".vexfs")).nodeid, surface(SurfaceFile::kDirectory));
  EXPECT_EQ(ask(FUSE_RMDIR, kRoot, ".vexfs").error, EPERM);
  EXPECT_EQ(rename(kRoot, ".vexfs", kRoot, "x").error, EPERM);
  EXPECT_TRUE(directory_.has(".vexfs"));
}

TEST_F(HandlersNamesTest, ALinkIsAnotherNameOfTheNode) {
  ASSERT_EQ(mknod(kRoot, "file").error, 0);
  const uint64_t file = look_up("file");
  const Answer linked = link(file, kRoot, "other");
  ASSERT_EQ(linked.error, 0);
  EXPECT_EQ(entry_of(linked).nodeid, file);
  EXPECT_EQ(entry_of(linked).attr.nlink, 2U);
  EXPECT_EQ(link(file, kRoot, "other").error, EEXIST);
  EXPECT_EQ(link(4711, kRoot, "x").error, ESTALE);
  EXPECT_EQ(ask(FUSE_UNLINK, kRoot, "file").error, 0);
  EXPECT_EQ(look_up("other"), file);
}

TEST_F(HandlersNamesTest, ARenameKeepsTheNode) {
  ASSERT_EQ(mknod(kRoot, "a").error, 0);
  ASSERT_EQ(mknod(kRoot, "b").error, 0);
  ASSERT_EQ(mkdir(kRoot, "directory").error, 0);
  const uint64_t a = look_up("a");
  const uint64_t b = look_up("b");
  const uint64_t directory = look_up("directory");
  EXPECT_EQ(rename(kRoot, "a", kRoot, "b", RENAME_NOREPLACE).error, EEXIST);
  EXPECT_EQ(rename(kRoot, "a", kRoot, "b", RENAME_EXCHANGE).error, 0);
  EXPECT_EQ(look_up("a"), b);
  EXPECT_EQ(look_up("b"), a);
  EXPECT_EQ(rename(kRoot, "b", directory, "c").error, 0);
  EXPECT_EQ(look_up("b"), 0U);
  EXPECT_TRUE(directory_.has("directory/c"));
  const Answer moved = ask(FUSE_LOOKUP, directory, "c");
  ASSERT_EQ(moved.error, 0);
  EXPECT_EQ(entry_of(moved).nodeid, a);
  EXPECT_EQ(rename(kRoot, "directory", directory, "d").error, EINVAL) << "into itself";
}

TEST_F(HandlersNamesTest, AKnownNodeOutlivesItsName) {
  ASSERT_EQ(mknod(kRoot, "file").error, 0);
  const uint64_t file = look_up("file");
  ASSERT_EQ(ask(FUSE_UNLINK, kRoot, "file").error, 0);
  fuse_getattr_in in = {};
  const Answer attributes = ask(raw_request(FUSE_GETATTR, file, in));
  ASSERT_EQ(attributes.error, 0) << "the kernel still knows the node";
  fuse_attr_out out = {};
  ASSERT_EQ(attributes.body.size(), sizeof(out));
  std::memcpy(&out, attributes.body.data(), sizeof(out));
  EXPECT_EQ(out.attr.nlink, 0U);
}

// The kernel did not take the reply, so it counts no lookup.
TEST_F(HandlersNamesTest, ALookupIsTakenBackWhenNobodyListens) {
  void (*before)(int) = ::signal(SIGPIPE, SIG_IGN);
  ASSERT_EQ(::mkdirat(directory_.fd().get(), "directory", 0755), 0);
  session_.hang_up();
  EXPECT_EQ(ask(FUSE_LOOKUP, kRoot, "directory").error, -1);
  EXPECT_EQ(mkdir(kRoot, "other").error, -1);
  EXPECT_EQ(fs_.backing.nodes().size(), 0U);
  (void)::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace vexfs::fs
