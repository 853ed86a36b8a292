// Directories by number: moves, directories that are gone, and cycles.
#include "engine/names/directory_table.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "tree/object_key.h"

namespace vexfs::engine {
namespace {

class DirectoryTableTest : public testing::Test {
 protected:
  DirectoryTableTest() { root_ = add(1, kNoDirectory, ""); }
  DirectoryIndex add(uint64_t object, DirectoryIndex parent, std::string_view name) {
    return table_.add(ObjectId{object}, key(object), parent, name).value();
  }
  static ObjectKey key(uint64_t number) { return tree::absent_key(ObjectId{number}); }
  std::string path(DirectoryIndex directory, DirectoryIndex ancestor, std::string_view name = "") {
    std::string path;
    const Status status = table_.path(directory, ancestor, name, path);
    return status.ok() ? path : "error " + std::to_string(status.error());
  }

  DirectoryTable table_;
  DirectoryIndex root_ = kNoDirectory;
};

TEST_F(DirectoryTableTest, FindsByKeyAndByObject) {
  EXPECT_EQ(root_, kRootDirectory);
  const auto a = add(2, root_, "a");
  EXPECT_EQ(table_.find(key(2)), a);
  EXPECT_EQ(table_.find(ObjectId{2}), a);
  EXPECT_EQ(table_.find(key(3)), kNoDirectory);
  EXPECT_EQ(table_.find(ObjectId{3}), kNoDirectory);
  EXPECT_TRUE(table_.key_of(a) == key(2));
}

TEST_F(DirectoryTableTest, PathsFollowMoves) {
  const auto a = add(2, root_, "a");
  const auto b = add(3, a, "bb");
  const auto c = add(4, root_, "ccc");
  EXPECT_EQ(path(root_, root_), "");
  EXPECT_EQ(path(root_, root_, "f"), "f");
  EXPECT_EQ(path(b, root_), "a/bb");
  EXPECT_EQ(path(b, root_, "f"), "a/bb/f");
  EXPECT_EQ(path(b, a, "f"), "bb/f");
  EXPECT_EQ(path(b, b, "f"), "f");
  EXPECT_EQ(path(b, c), "error " + std::to_string(ENOENT));
  table_.move(a, c, "z");
  EXPECT_EQ(path(b, root_, "f"), "ccc/z/bb/f");
  EXPECT_TRUE(table_.is_below(b, c));
  EXPECT_FALSE(table_.is_below(c, b));
}

TEST_F(DirectoryTableTest, NothingLeadsThroughWhatIsGone) {
  const auto a = add(2, root_, "a");
  const auto b = add(3, a, "b");
  table_.remove(a);
  EXPECT_EQ(table_.find(key(2)), kNoDirectory);
  EXPECT_TRUE(table_.at(a).gone);
  EXPECT_FALSE(table_.is_below(b, root_));
  EXPECT_EQ(path(b, root_), "error " + std::to_string(ENOENT));
  EXPECT_EQ(path(b, a), "error " + std::to_string(ENOENT));
  const auto again = add(2, root_, "a");
  EXPECT_NE(again, a) << "numbers are not used again";
}

TEST_F(DirectoryTableTest, ACycleEnds) {
  const auto a = add(2, root_, "a");
  const auto b = add(3, a, "b");
  table_.move(a, b, "a");
  EXPECT_FALSE(table_.is_below(b, root_));
  EXPECT_EQ(path(b, root_), "error " + std::to_string(ENAMETOOLONG));
}

TEST_F(DirectoryTableTest, KeysStayFoundWhileTheTableGrows) {
  for (uint64_t i = 2; i < 5000; ++i) (void)add(i, root_, std::to_string(i));
  for (uint64_t i = 2; i < 5000; ++i) {
    EXPECT_EQ(table_.find(key(i)), DirectoryIndex{static_cast<uint32_t>(i - 1)});
  }
}

}  // namespace
}  // namespace vexfs::engine
