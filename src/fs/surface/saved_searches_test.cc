// Tests of saved searches: attributes of a directory, under the rules of directory entries.
#include "fs/surface/saved_searches.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <memory>

#include "base/testing/temporary_directory.h"

namespace vexfs::fs {
namespace {

using Names = std::vector<std::string>;

class SavedSearchesTest : public testing::Test {
 protected:
  void SetUp() override {
    Fd root(::fcntl(directory_.fd().get(), F_DUPFD_CLOEXEC, 0));
    backing_ = std::make_unique<Backing>(std::move(root), false, passthrough_);
    ASSERT_TRUE(backing_->start().ok());
    if (::fsetxattr(directory_.fd().get(), "user.test", "x", 1, 0) != 0) {
      GTEST_SKIP() << "no user attributes here";
    }
  }
  Names names() {
    const Result<Names> found = saved_searches(*backing_, kRootNode);
    EXPECT_TRUE(found.ok());
    return found.ok() ? found.value() : Names();
  }
  Status save(std::string_view name, std::string_view query) {
    return save_search(*backing_, caller_, kRootNode, name, query);
  }
  Result<std::string> query(std::string_view name) {
    return saved_query(*backing_, kRootNode, name);
  }
  Status rename(std::string_view from, std::string_view to) {
    return rename_saved(*backing_, caller_, kRootNode, from, kRootNode, to);
  }

  TemporaryDirectory directory_;
  Passthrough passthrough_{false, false};
  std::unique_ptr<Backing> backing_;
  tree::Credentials caller_;  // Root.
};

TEST_F(SavedSearchesTest, FromMadeToRemoved) {
  EXPECT_EQ(names(), Names());
  ASSERT_TRUE(save("papers", "passport type:md").ok());
  ASSERT_TRUE(save("a", "soup").ok());
  EXPECT_EQ(save("papers", "other").error(), EEXIST);
  EXPECT_EQ(names(), (Names{"a", "papers"}));
  EXPECT_EQ(query("papers").value(), "passport type:md");
  ASSERT_TRUE(rename("papers", "documents").ok());
  EXPECT_EQ(rename("papers", "more").error(), ENOENT);
  EXPECT_EQ(rename("documents", "a").error(), EEXIST);
  EXPECT_EQ(names(), (Names{"a", "documents"}));
  EXPECT_TRUE(remove_saved(*backing_, caller_, kRootNode, "documents").ok());
  EXPECT_EQ(remove_saved(*backing_, caller_, kRootNode, "documents").error(), ENOENT);
  EXPECT_EQ(query("documents").error(), ENOENT);
}

TEST_F(SavedSearchesTest, NamesAreThoseOfEntries) {
  const std::string longest(limits::kSavedNameBytesMax, 'x');
  EXPECT_TRUE(save(longest, "q").ok());
  EXPECT_EQ(save(longest + "x", "q").error(), ENAMETOOLONG);
  EXPECT_EQ(query(longest + "x").error(), ENOENT);
  for (const char* name : {"", ".", "..", "a/b"}) EXPECT_EQ(save(name, "q").error(), EINVAL);
  // An attribute that was set on the source itself may have any name. Those are not shown.
  ASSERT_EQ(::fsetxattr(directory_.fd().get(), "user.vexfs.saved.a/b", "x", 1, 0), 0);
  EXPECT_EQ(names(), Names{longest});
}

TEST_F(SavedSearchesTest, AStickyDirectoryIsItsOwners) {
  ASSERT_EQ(::fchmod(directory_.fd().get(), 01777), 0);
  caller_.uid = 54321;
  EXPECT_EQ(save("papers", "q").error(), EPERM);
  ASSERT_EQ(::fchmod(directory_.fd().get(), 0777), 0);
  EXPECT_TRUE(save("papers", "q").ok());
  ASSERT_EQ(::fchmod(directory_.fd().get(), 01777), 0);
  EXPECT_EQ(rename("papers", "other").error(), EPERM);
  EXPECT_EQ(names(), Names{"papers"});
}

TEST_F(SavedSearchesTest, AttributesThatMayBeSet) {
  const auto check = [this](std::string_view name, size_t bytes) {
    return check_saved_attribute(*backing_, kRootNode, name, bytes).error();
  };
  EXPECT_EQ(check("user.vexfs.saved.x", 10), 0);
  EXPECT_EQ(check("user.vexfs.saved.", 10), EINVAL);
  EXPECT_EQ(check("user.vexfs.saved..", 10), EINVAL);
  EXPECT_EQ(check("user.vexfs.saved.a/b", 10), EINVAL);
  EXPECT_EQ(check("user.vexfs.saved.x", limits::kQueryWordBytesMax + 1), E2BIG);
  const Fd file = directory_.create("file", "x");
  const Result<Entry> entry = backing_->lookup(kRootNode, "file");
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(
      check_saved_attribute(*backing_, entry.value().info.node, "user.vexfs.saved.x", 1).error(),
      EPERM);
  EXPECT_EQ(saved_name_of("user.vexfs.saved.a.b"), "a.b");
  EXPECT_EQ(saved_name_of("user.other"), "");
}

}  // namespace
}  // namespace vexfs::fs
