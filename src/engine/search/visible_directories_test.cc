// Tests of VisibleDirectories: what callers see of a tree, and that they see its changes.
#include "engine/search/visible_directories.h"

#include <gtest/gtest.h>
#include <sys/xattr.h>

#include <cstring>
#include <set>
#include <string>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

class VisibleDirectoriesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give files away";
    world_.space("s", 1);
  }
  // Makes directories with a file in each, so that the catalog knows them.
  void known(const std::string& path, mode_t mode = 0755, uid_t owner = 0) {
    world_.directory(path, mode, owner);
    world_.file(path + "/f", {1.0F});
  }
  DirectoryIndex index(const std::string& path) {
    DirectoryIndex found = kNoDirectory;
    const ObjectKey key = world_.key(path);
    found = world_.storage().find_directory(key);
    return found;
  }
  bool sees(const tree::Credentials& caller, const std::string& path,
            const std::string& scope = "") {
    const auto visible = visible_.from(index(scope), caller);
    EXPECT_TRUE(visible.ok());
    return visible.value()->directories.has(index(path));
  }
  bool everything(const tree::Credentials& caller, const std::string& scope = "") {
    return visible_.from(index(scope), caller).value()->everything;
  }

  SearchWorld world_;
  VisibleDirectories visible_{world_.source(), world_.storage()};
};

TEST_F(VisibleDirectoriesTest, ListingAndSearchingAreBothNeededAllTheWay) {
  known("open");
  known("open/deep");
  known("searchable", 0711);
  known("searchable/deep");
  known("listable", 0744);
  known("hers", 0700, SearchWorld::kAlice);
  known("hers/deep", 0777);
  const tree::Credentials alice = SearchWorld::alice();
  const tree::Credentials bob = SearchWorld::bob();
  for (const char* path : {"", "open", "open/deep"}) EXPECT_TRUE(sees(bob, path)) << path;
  for (const char* path : {"searchable", "searchable/deep", "listable", "hers", "hers/deep"}) {
    EXPECT_FALSE(sees(bob, path)) << path;
  }
  EXPECT_TRUE(sees(alice, "hers"));
  EXPECT_TRUE(sees(alice, "hers/deep"));
  EXPECT_FALSE(everything(alice));
  EXPECT_TRUE(everything(SearchWorld::root()));
}

TEST_F(VisibleDirectoriesTest, AScopeIsWhereTheCallerAlreadyIs) {
  known("closed", 0700);
  known("closed/inner");
  known("closed/inner/deep");
  known("beside");
  const tree::Credentials bob = SearchWorld::bob();
  EXPECT_FALSE(sees(bob, "closed/inner"));
  EXPECT_TRUE(sees(bob, "closed/inner", "closed/inner"));
  EXPECT_TRUE(sees(bob, "closed/inner/deep", "closed/inner"));
  EXPECT_FALSE(sees(bob, "beside", "closed/inner"));
  EXPECT_FALSE(sees(bob, "", "closed/inner"));
  EXPECT_FALSE(everything(SearchWorld::root(), "beside"));
}

TEST_F(VisibleDirectoriesTest, ChangesAreSeen) {
  known("a");
  const tree::Credentials bob = SearchWorld::bob();
  EXPECT_TRUE(sees(bob, "a"));
  ASSERT_EQ(::fchmodat(world_.fd(), "a", 0700, 0), 0);
  visible_.permissions_changed();
  EXPECT_FALSE(sees(bob, "a"));
  known("b");
  EXPECT_TRUE(sees(bob, "b"));
  world_.rename("b", "a/b");
  EXPECT_FALSE(sees(bob, "a/b"));
  EXPECT_TRUE(sees(SearchWorld::root(), "a/b"));
}

TEST_F(VisibleDirectoriesTest, UnseenChangesAreBelievedForAWhileOnly) {
  known("a");
  const tree::Credentials bob = SearchWorld::bob();
  // One whose attributes never get too old, and one whose attributes are always older than 0 ms.
  VisibleDirectories believing(world_.source(), world_.storage(), false, std::chrono::hours(24));
  VisibleDirectories doubtful(world_.source(), world_.storage(), false,
                              std::chrono::milliseconds(0));
  for (VisibleDirectories* both : {&believing, &doubtful}) {
    EXPECT_TRUE(both->from(kRootDirectory, bob).value()->directories.has(index("a")));
  }
  ASSERT_EQ(::fchmodat(world_.fd(), "a", 0700, 0), 0);
  EXPECT_TRUE(believing.from(kRootDirectory, bob).value()->directories.has(index("a")));
  EXPECT_FALSE(doubtful.from(kRootDirectory, bob).value()->directories.has(index("a")));
}

TEST_F(VisibleDirectoriesTest, AccessControlListsCount) {
  known("a", 0700);
  // Alice may read and search it, by name.
  const uint32_t acl[] = {2,           0x0007'0001, UINT32_MAX,  0x0005'0002, SearchWorld::kAlice,
                          0x0000'0004, UINT32_MAX,  0x0007'0010, UINT32_MAX,  0x0000'0020,
                          UINT32_MAX};
  const Fd fd(::openat(world_.fd(), "a", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (::fsetxattr(fd.get(), tree::kAclAttribute, acl, sizeof(acl), 0) != 0) {
    GTEST_SKIP() << "no access control lists here";
  }
  EXPECT_TRUE(sees(SearchWorld::alice(), "a"));
  EXPECT_FALSE(sees(SearchWorld::bob(), "a"));
}

TEST_F(VisibleDirectoriesTest, TheSameQuestionHasTheSameAnswer) {
  known("a");
  const auto first = visible_.from(kRootDirectory, SearchWorld::bob());
  EXPECT_EQ(first.value(), visible_.from(kRootDirectory, SearchWorld::bob()).value());
  EXPECT_NE(first.value(), visible_.from(kRootDirectory, SearchWorld::alice()).value());
  const gid_t groups[] = {7};
  const tree::Credentials in_group{SearchWorld::kBob, SearchWorld::kBob, groups};
  EXPECT_NE(first.value(), visible_.from(kRootDirectory, in_group).value());
}

}  // namespace
}  // namespace vexfs::engine
