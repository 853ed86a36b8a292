// A tree that was copied with its store keeps its vectors.
#include "engine/names/name_rekey.h"

#include <filesystem>

#include "engine/names/testing/name_table_fixture.h"

namespace vexfs::engine {
namespace {

class NameRekeyTest : public NamesTest {
 protected:
  // Puts a copy in the place of the files, which the next start() sees. Links are not kept.
  void replace_by_copy() {
    const tree::TemporaryTree copy;
    std::filesystem::copy(files_.path(), copy.path(), std::filesystem::copy_options::recursive);
    table_.reset();
    tree_.reset();
    moved_ = files_.path() + "-old";
    std::filesystem::rename(files_.path(), moved_);
    std::filesystem::create_directory(files_.path());
    std::filesystem::copy(copy.path(), files_.path(), std::filesystem::copy_options::recursive);
    files_.reopen();
  }
  void TearDown() override {
    if (!moved_.empty()) std::filesystem::remove_all(moved_);
  }

  std::string moved_;
};

TEST_P(NameRekeyTest, ObjectsFollowTheirPaths) {
  files_.make_directory("a");
  files_.make_directory("a/b");
  const ObjectId f = make_known("a/b/f");
  const ObjectId g = make_known("g");
  const ObjectId h = make_known("h");
  link("h", "a/h");
  const ObjectId gone = make_known("a/gone");
  const ObjectKey old_key = key_of("a/b/f");
  ASSERT_EQ(::unlinkat(files_.fd(), "a/gone", 0), 0);
  replace_by_copy();
  start(GetParam());
  EXPECT_FALSE(key_of("a/b/f") == old_key);
  EXPECT_EQ(path_of(f), "a/b/f");
  EXPECT_EQ(path_of(g), "g");
  bool added = true;
  EXPECT_EQ(table_->object_for(key_of("a/b/f"), added).value(), f);
  EXPECT_FALSE(added);
  EXPECT_EQ(paths_of(h).size(), 1U) << "two files now, and one object";
  const auto reconciled = reconcile();
  EXPECT_EQ(reconciled.dead, std::vector<ObjectId>{gone});
  EXPECT_EQ(reconciled.lost, 0U);
  rename("a/b", "b");
  EXPECT_EQ(path_of(f), "b/f");
}

TEST_P(NameRekeyTest, AFileWhereADirectoryWasIsNotTaken) {
  files_.make_directory("a");
  const ObjectId f = make_known("a/f");
  const ObjectId g = make_known("g");
  ASSERT_EQ(::unlinkat(files_.fd(), "a/f", 0), 0);
  ASSERT_EQ(::unlinkat(files_.fd(), "a", AT_REMOVEDIR), 0);
  ASSERT_EQ(::unlinkat(files_.fd(), "g", 0), 0);
  (void)files_.make_file("a");
  files_.make_directory("g");
  replace_by_copy();
  start(GetParam());
  EXPECT_EQ(path_of(f), kNowhere);
  EXPECT_EQ(path_of(g), kNowhere);
  const auto reconciled = reconcile();
  EXPECT_EQ(std::set<ObjectId>(reconciled.dead.begin(), reconciled.dead.end()),
            (std::set<ObjectId>{f, g}));
  EXPECT_EQ(table_->directories()[1].gone, true);
}

INSTANTIATE_TEST_SUITE_P(Openings, NameRekeyTest,
                         testing::Values(tree::SourceTree::Opening::kBest,
                                         tree::SourceTree::Opening::kByPath),
                         opening_name);

}  // namespace
}  // namespace vexfs::engine
