// What each change of the tree means for known names.
#include "engine/names/name_table.h"

#include <sys/wait.h>

#include "engine/names/testing/name_table_fixture.h"

namespace vexfs::engine {
namespace {

class NameTableTest : public NamesTest {};

TEST_P(NameTableTest, AKnownFileHasItsPath) {
  files_.make_directory("a");
  files_.make_directory("a/b");
  const ObjectId file = make_known("a/b/f");
  EXPECT_EQ(path_of(file), "a/b/f");
  const DirectoryIndex a = table_->find_directory(key_of("a"));
  ASSERT_NE(a, kNoDirectory);
  EXPECT_EQ(path_of(file, a), "b/f");
  EXPECT_EQ(path_of(file, table_->find_directory(key_of("a/b"))), "f");
  EXPECT_FALSE(table_->is_nameless(file));
}

TEST_P(NameTableTest, KnowsNothingButWhatLeadsToVectors) {
  files_.make_directory("a");
  files_.make_directory("b");
  (void)files_.make_file("b/g");
  (void)make_known("a/f");
  EXPECT_EQ(table_->directories().size(), 2U);
  EXPECT_EQ(table_->find_directory(key_of("b")), kNoDirectory);
  const uint64_t before = table_->generation();
  rename("b/g", "b/h");
  rename("b", "c");
  remove("c/h");
  EXPECT_EQ(table_->generation(), before);
}

TEST_P(NameTableTest, TheSameFileIsTheSameObject) {
  const ObjectId file = make_known("f");
  bool added = true;
  EXPECT_EQ(table_->object_for(key_of("f"), added).value(), file);
  EXPECT_FALSE(added);
}

TEST_P(NameTableTest, DirectoriesCarryNoVectors) {
  files_.make_directory("a");
  bool added = true;
  EXPECT_EQ(table_->object_for(key_of("a"), added).error(), EISDIR);
  EXPECT_EQ(table_->object_for(key_of("."), added).error(), EISDIR);
  (void)make_known("a/f");
  EXPECT_EQ(table_->object_for(key_of("a"), added).error(), EISDIR);
}

TEST_P(NameTableTest, ARenameIntoUnknownDirectoriesMakesThemKnown) {
  const ObjectId file = make_known("f");
  files_.make_directory("a");
  files_.make_directory("a/b");
  files_.make_directory("a/b/c");
  rename("f", "a/b/c/g");
  EXPECT_EQ(path_of(file), "a/b/c/g");
  EXPECT_EQ(table_->directories().size(), 4U);
  EXPECT_TRUE(events_.hidden.empty());
}

TEST_P(NameTableTest, ADirectoryTakesAllThatIsInItAlong) {
  files_.make_directory("a");
  files_.make_directory("a/b");
  files_.make_directory("c");
  files_.make_directory("c/d");
  const ObjectId file = make_known("a/b/f");
  const size_t known = table_->directories().size();
  rename("a", "c/d/e");
  EXPECT_EQ(path_of(file), "c/d/e/b/f");
  EXPECT_EQ(table_->directories().size(), known + 2);
  rename("c/d/e/b", "b");
  EXPECT_EQ(path_of(file), "b/f");
}

TEST_P(NameTableTest, AnUnknownFileOverAKnownOneTakesItsName) {
  const ObjectId file = make_known("f");
  (void)files_.make_file("g");
  rename("g", "f");
  EXPECT_EQ(path_of(file), kNowhere);
  EXPECT_TRUE(table_->is_nameless(file));
  EXPECT_TRUE(events_.hidden.contains(file));
}

TEST_P(NameTableTest, AKnownFileOverAKnownOneTakesItsName) {
  const ObjectId old_file = make_known("f");
  const ObjectId new_file = make_known("g");
  rename("g", "f");
  EXPECT_EQ(path_of(new_file), "f");
  EXPECT_EQ(paths_of(new_file).size(), 1U);
  EXPECT_EQ(path_of(old_file), kNowhere);
  EXPECT_EQ(events_.hidden, std::set<ObjectId>{old_file});
}

TEST_P(NameTableTest, AKnownFileFromElsewhereOverAnUnknownOne) {
  files_.make_directory("a");
  const ObjectId file = make_known("f");
  (void)files_.make_file("a/g");
  rename("f", "a/g");
  EXPECT_EQ(path_of(file), "a/g");
}

TEST_P(NameTableTest, ExchangeSwapsFiles) {
  files_.make_directory("a");
  files_.make_directory("b");
  const ObjectId f = make_known("a/f");
  const ObjectId g = make_known("b/g");
  exchange("a/f", "b/g");
  EXPECT_EQ(path_of(f), "b/g");
  EXPECT_EQ(path_of(g), "a/f");
  EXPECT_TRUE(events_.hidden.empty());
}

TEST_P(NameTableTest, ExchangeWithSomethingUnknown) {
  files_.make_directory("a");
  files_.make_directory("b");
  const ObjectId f = make_known("a/f");
  (void)files_.make_file("b/g");
  exchange("a/f", "b/g");
  EXPECT_EQ(path_of(f), "b/g");
  EXPECT_EQ(paths_of(f).size(), 1U);
  exchange("a/f", "b/g");
  EXPECT_EQ(path_of(f), "a/f");
  EXPECT_EQ(paths_of(f).size(), 1U);
}

TEST_P(NameTableTest, ExchangeOfAFileWithADirectory) {
  files_.make_directory("a");
  files_.make_directory("b");
  files_.make_directory("b/d");
  const ObjectId f = make_known("a/f");
  const ObjectId g = make_known("b/d/g");
  exchange("a/f", "b/d");
  EXPECT_EQ(path_of(f), "b/d");
  EXPECT_EQ(path_of(g), "a/f/g");
}

TEST_P(NameTableTest, HardLinksAreNamesLikeOthers) {
  files_.make_directory("a");
  const ObjectId file = make_known("f");
  link("f", "a/g");
  EXPECT_EQ(paths_of(file), (std::set<std::string>{"f", "a/g"}));
  EXPECT_EQ(path_of(file, table_->find_directory(key_of("a"))), "g");
  remove("f");
  EXPECT_EQ(paths_of(file), (std::set<std::string>{"a/g"}));
  EXPECT_TRUE(events_.hidden.empty());
  remove("a/g");
  EXPECT_TRUE(events_.hidden.contains(file));
}

TEST_P(NameTableTest, ALinkOfAnUnknownFileIsNone) {
  const ObjectId file = make_known("f");
  (void)files_.make_file("g");
  link("g", "h");
  EXPECT_EQ(paths_of(file), (std::set<std::string>{"f"}));
}

TEST_P(NameTableTest, AFileWithoutANameIsFoundWhenItGetsOne) {
  const Fd file(::openat(files_.fd(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file.valid()) GTEST_SKIP() << "no O_TMPFILE here";
  const ObjectKey key = tree_->key_of(file.get()).value();
  bool added = false;
  const auto object = table_->object_for(key, added);
  ASSERT_TRUE(object.ok()) << object.status().what();
  EXPECT_TRUE(added);
  EXPECT_TRUE(table_->is_nameless(object.value()));
  EXPECT_EQ(path_of(object.value()), kNowhere);
  files_.make_directory("a");
  const ObjectKey parent = key_of("a");
  ASSERT_EQ(::linkat(AT_FDCWD, ProcPath(file.get()).c_str(), files_.fd(), "a/f", AT_SYMLINK_FOLLOW),
            0);
  ASSERT_TRUE(table_->linked(parent, "f", key).ok());
  EXPECT_EQ(path_of(object.value()), "a/f");
  EXPECT_FALSE(table_->is_nameless(object.value()));
}

TEST_P(NameTableTest, RmdirForgetsTheDirectory) {
  files_.make_directory("a");
  files_.make_directory("a/b");
  (void)make_known("a/b/f");
  const DirectoryIndex b = table_->find_directory(key_of("a/b"));
  remove("a/b/f");
  remove("a/b", AT_REMOVEDIR);
  EXPECT_TRUE(table_->directories()[static_cast<size_t>(b)].gone);
  files_.make_directory("a/b");
  const ObjectId again = make_known("a/b/f");
  EXPECT_EQ(path_of(again), "a/b/f");
  EXPECT_NE(table_->find_directory(key_of("a/b")), b);
}

TEST_P(NameTableTest, ARenameMayReplaceAnEmptyDirectory) {
  for (const char* name : {"a", "b", "c"}) files_.make_directory(name);
  const ObjectId f = make_known("a/f");
  (void)make_known("b/g");
  const DirectoryIndex b = table_->find_directory(key_of("b"));
  remove("b/g");
  rename("a", "b");
  EXPECT_EQ(path_of(f), "b/f");
  EXPECT_TRUE(table_->directories()[static_cast<size_t>(b)].gone);
  // An unknown directory replaces a known empty one.
  remove("b/f");
  const DirectoryIndex a = table_->find_directory(key_of("b"));
  rename("c", "b");
  EXPECT_TRUE(table_->directories()[static_cast<size_t>(a)].gone);
}

TEST_P(NameTableTest, NamesAreAnyBytes) {
  const std::string odd = "\x01\xff'\"\n\\ %";
  const std::string longest(255, '\xc3');
  files_.make_directory(odd);
  const ObjectId f = make_known(odd + '/' + longest);
  EXPECT_EQ(path_of(f), odd + '/' + longest);
  rename(odd, longest);
  EXPECT_EQ(path_of(f), longest + '/' + longest);
}

TEST_P(NameTableTest, ForgottenObjectsAreNew) {
  const ObjectId f = make_known("f");
  ASSERT_TRUE(table_->forget(f).ok());
  EXPECT_EQ(path_of(f), kNowhere);
  EXPECT_NE(know("f"), f);
}

// The tree is asked after a rename has happened and before it is reported: what was seen must
// survive.
TEST_P(NameTableTest, SeenBeforeItIsTold) {
  for (const char* name : {"a", "b", "c"}) files_.make_directory(name);
  (void)make_known("a/known");
  (void)make_known("b/known");
  (void)files_.make_file("a/f");
  const ObjectKey a = key_of("a");
  const ObjectKey b = key_of("b");
  ASSERT_EQ(::renameat(files_.fd(), "a/f", files_.fd(), "b/g"), 0);
  const ObjectId file = know("b/g");
  ASSERT_TRUE(table_->renamed(a, "f", b, "g", false).ok());
  EXPECT_EQ(paths_of(file), (std::set<std::string>{"b/g"}));
  // A directory that was seen on the way to another file is renamed.
  files_.make_directory("a/d");
  const ObjectId in_it = make_known("a/d/f");
  ASSERT_EQ(::renameat(files_.fd(), "a/d", files_.fd(), "b/e"), 0);
  files_.make_directory("b/e/deeper");
  const ObjectId other = make_known("b/e/deeper/f");
  EXPECT_EQ(path_of(other), by_path() ? "b/e/deeper/f" : path_of(other));
  ASSERT_TRUE(table_->renamed(a, "d", b, "e", false).ok());
  EXPECT_EQ(path_of(in_it), "b/e/f");
  EXPECT_EQ(path_of(other), "b/e/deeper/f");
  // Two names are exchanged.
  files_.make_directory("a/d");
  const ObjectId third = make_known("a/d/f");
  ASSERT_EQ(::syscall(SYS_renameat2, files_.fd(), "a/d", files_.fd(), "b/e", RENAME_EXCHANGE), 0);
  files_.make_directory("a/d/new");
  (void)make_known("a/d/new/f");
  ASSERT_TRUE(table_->renamed(a, "d", b, "e", true).ok());
  EXPECT_EQ(path_of(in_it), "a/d/f");
  EXPECT_EQ(path_of(third), "b/e/f");
}

// A move that was not seen leaves a wrong parent; the next one may close a cycle with it.
TEST_P(NameTableTest, AWrongWayMakesNoCycle) {
  files_.make_directory("a");
  files_.make_directory("a/b");
  const ObjectId in_a = make_known("a/f");
  const ObjectId in_b = make_known("a/b/f");
  ASSERT_EQ(::renameat(files_.fd(), "a/b", files_.fd(), "b"), 0);  // This is not reported.
  rename("a", "b/a");
  const auto reconciled = reconcile();
  EXPECT_TRUE(reconciled.complete);
  EXPECT_EQ(path_of(in_a), "b/a/f");
  EXPECT_EQ(path_of(in_b), "b/f");
}

INSTANTIATE_TEST_SUITE_P(Openings, NameTableTest,
                         testing::Values(tree::SourceTree::Opening::kBest,
                                         tree::SourceTree::Opening::kByPath),
                         opening_name);

}  // namespace
}  // namespace vexfs::engine
