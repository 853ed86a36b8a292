// Whatever happened behind VexFS, the known names are true after reconcile().
#include <grp.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "engine/names/testing/name_table_fixture.h"

namespace vexfs::engine {
namespace {

class NameReconcileTest : public NamesTest {
 protected:
  void move_unseen(const std::string& from, const std::string& to) {
    ASSERT_EQ(::renameat(files_.fd(), from.c_str(), files_.fd(), to.c_str()), 0);
  }
  void remove_unseen(const std::string& path, int flags = 0) {
    ASSERT_EQ(::unlinkat(files_.fd(), path.c_str(), flags), 0);
  }
};

TEST_P(NameReconcileTest, NothingChangedIsNothingDone) {
  files_.make_directory("a");
  (void)make_known("a/f");
  (void)make_known("g");
  const uint64_t generation = table_->generation();
  const auto reconciled = reconcile();
  EXPECT_EQ(reconciled.checked, 3U);
  EXPECT_EQ(reconciled.lost, 0U);
  EXPECT_EQ(reconciled.found, 0U);
  EXPECT_FALSE(reconciled.scanned);
  EXPECT_TRUE(reconciled.complete);
  EXPECT_EQ(table_->generation(), generation);
}

TEST_P(NameReconcileTest, FindsMovedFilesAndDirectories) {
  for (const char* name : {"a", "a/b", "c", "c/d"}) files_.make_directory(name);
  const ObjectId f = make_known("a/b/f");
  const ObjectId g = make_known("g");
  move_unseen("a/b", "c/d/e");
  move_unseen("g", "c/d/h");
  const auto reconciled = reconcile();
  EXPECT_EQ(path_of(f), "c/d/e/f");
  EXPECT_EQ(path_of(g), "c/d/h");
  EXPECT_TRUE(reconciled.complete);
  EXPECT_TRUE(events_.hidden.empty());
}

// The directory takes the place of another known name, so it is never without a name. What is in it
// is looked at all the same.
TEST_P(NameReconcileTest, LooksIntoADirectoryThatTookAnothersPlace) {
  for (const char* name : {"a", "b", "a/c", "a/c/e", "b/d"}) files_.make_directory(name);
  const ObjectId f = make_known("a/c/e/f");
  const ObjectId g = make_known("a/c/g");
  (void)make_known("b/d/h");
  remove_unseen("a/c/g");
  remove_unseen("b/d/h");
  move_unseen("a/c", "b/d");
  const auto reconciled = reconcile();
  EXPECT_TRUE(reconciled.complete);
  EXPECT_EQ(path_of(f), "b/d/e/f");
  EXPECT_EQ(path_of(g), kNowhere);
}

TEST_P(NameReconcileTest, FindsAllLinksOfAFileThatLostItsKnownName) {
  files_.make_directory("a");
  const ObjectId f = make_known("f");
  ASSERT_EQ(::linkat(files_.fd(), "f", files_.fd(), "a/g", 0), 0);
  ASSERT_EQ(::linkat(files_.fd(), "f", files_.fd(), "h", 0), 0);
  remove("f");
  EXPECT_TRUE(events_.hidden.contains(f));
  (void)reconcile(NameTable::Extent::kNameless);
  EXPECT_TRUE(events_.hidden.empty());
  const std::set<std::string> found = paths_of(f);
  if (by_path()) {
    EXPECT_EQ(found, (std::set<std::string>{"a/g", "h"}));
  } else {
    EXPECT_FALSE(found.empty());  // One name is enough: the one that the kernel knows.
  }
}

TEST_P(NameReconcileTest, DeadIsWhatIsGone) {
  files_.make_directory("a");
  const ObjectId f = make_known("a/f");
  const ObjectId g = make_known("g");
  remove_unseen("a/f");
  remove_unseen("a", AT_REMOVEDIR);
  const auto reconciled = reconcile();
  EXPECT_EQ(reconciled.dead, std::vector<ObjectId>{f});
  EXPECT_EQ(path_of(g), "g");
  ASSERT_TRUE(table_->forget(f).ok());
  EXPECT_EQ(table_->nameless_objects(), 0U);
  EXPECT_TRUE(table_->directories()[1].gone);
}

TEST_P(NameReconcileTest, AnotherFileUnderTheNameIsNotTheFile) {
  const ObjectId f = make_known("f");
  remove_unseen("f");
  (void)files_.make_file("f");  // It often gets the same inode number.
  const auto reconciled = reconcile();
  EXPECT_EQ(reconciled.dead, std::vector<ObjectId>{f});
  EXPECT_EQ(path_of(f), kNowhere);
}

TEST_P(NameReconcileTest, KnownFilesThatSwappedNames) {
  const ObjectId f = make_known("f");
  const ObjectId g = make_known("g");
  move_unseen("f", "h");
  move_unseen("g", "f");
  move_unseen("h", "g");
  const auto reconciled = reconcile();
  EXPECT_EQ(path_of(f), "g");
  EXPECT_EQ(path_of(g), "f");
  EXPECT_FALSE(reconciled.scanned);
}

TEST_P(NameReconcileTest, AnOpenFileWithoutANameIsNeitherDeadNorFound) {
  if (by_path()) GTEST_SKIP() << "only a door that holds descriptors can tell";
  const ObjectId f = make_known("f");
  Fd open(::openat(files_.fd(), "f", O_RDONLY | O_CLOEXEC));
  remove("f");
  EXPECT_TRUE(reconcile(NameTable::Extent::kNameless).dead.empty());
  EXPECT_TRUE(table_->is_nameless(f));
  open.reset();
  EXPECT_EQ(reconcile(NameTable::Extent::kNameless).dead, std::vector<ObjectId>{f});
}

TEST_P(NameReconcileTest, AFileThatLeftTheSourceMayComeBack) {
  const tree::TemporaryTree elsewhere;
  const ObjectId f = make_known("f");
  ASSERT_EQ(::renameat(files_.fd(), "f", elsewhere.fd(), "f"), 0);
  auto reconciled = reconcile();
  EXPECT_TRUE(events_.hidden.contains(f));
  if (by_path()) {
    EXPECT_EQ(reconciled.dead, std::vector<ObjectId>{f}) << "as far as can be seen";
    return;
  }
  EXPECT_TRUE(reconciled.dead.empty());
  EXPECT_TRUE(reconciled.scanned);
  EXPECT_FALSE(reconcile(NameTable::Extent::kNameless).scanned) << "sought in vain already";
  files_.make_directory("a");
  ASSERT_EQ(::renameat(elsewhere.fd(), "f", files_.fd(), "a/f"), 0);
  reconciled = reconcile();
  EXPECT_EQ(path_of(f), "a/f");
}

TEST_P(NameReconcileTest, ForgetsDirectoriesThatLeadToNothing) {
  files_.make_directory("a");
  files_.make_directory("a/b");
  const ObjectId f = make_known("a/b/f");
  ASSERT_TRUE(table_->forget(f).ok());
  (void)reconcile();
  EXPECT_EQ(table_->find_directory(key_of("a")), kNoDirectory);
  EXPECT_EQ(table_->find_directory(key_of("a/b")), kNoDirectory);
  start(GetParam());
  EXPECT_EQ(table_->directories().size(), 1U);
  EXPECT_EQ(path_of(make_known("a/b/g")), "a/b/g");
}

TEST_P(NameReconcileTest, ManyNamesGoStepByStep) {
  files_.make_directory("a");
  std::vector<ObjectId> objects;
  for (size_t i = 0; i < 2 * limits::kReconcileStepNames + 10; ++i) {
    objects.push_back(make_known("a/" + std::to_string(i)));
  }
  move_unseen("a/7", "b");
  remove_unseen("a/300");
  size_t steps = 0;
  const auto result = table_->reconcile(
      [&](FunctionRef<void()> step) {
        ++steps;
        step();
      },
      NameTable::Extent::kAll);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().checked, objects.size() + 1);
  EXPECT_EQ(result.value().dead, std::vector<ObjectId>{objects[300]});
  EXPECT_EQ(path_of(objects[7]), "b");
  EXPECT_GT(steps, 6U);
}

// Requests go on between the steps. Whatever the order, no reported change is lost.
TEST_P(NameReconcileTest, RunsBesideChanges) {
  if (by_path()) GTEST_SKIP() << "a path is all that is known of what moves meanwhile";
  files_.make_directory("a");
  files_.make_directory("b");
  std::vector<ObjectId> objects;
  for (int i = 0; i < 20; ++i) objects.push_back(make_known("a/" + std::to_string(i)));
  (void)make_known("b/known");
  std::mutex mutex;
  std::atomic<bool> done = false;
  std::thread reconciling([&] {
    while (!done) {
      const auto result = table_->reconcile(
          [&](FunctionRef<void()> step) {
            const std::lock_guard lock(mutex);
            step();
          },
          NameTable::Extent::kAll);
      EXPECT_TRUE(result.ok());
      EXPECT_TRUE(result.value().dead.empty());
    }
  });
  const ObjectKey a = key_of("a");
  const ObjectKey b = key_of("b");
  for (int i = 0; i < 400; ++i) {
    const std::string name = std::to_string(i % 20);
    const bool there = i / 20 % 2 == 0;  // Whether the file is in "a".
    ASSERT_EQ(::renameat(files_.fd(), ((there ? "a/" : "b/") + name).c_str(), files_.fd(),
                         ((there ? "b/" : "a/") + name).c_str()),
              0);
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(table_->renamed(there ? a : b, name, there ? b : a, name, false).ok());
  }
  done = true;
  reconciling.join();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(path_of(objects[static_cast<size_t>(i)]), "a/" + std::to_string(i));
    EXPECT_EQ(paths_of(objects[static_cast<size_t>(i)]).size(), 1U);
  }
  EXPECT_TRUE(events_.hidden.empty());
}

// Root may read everything, so this runs in a child that is an ordinary user, with a tree and a
// catalog of its own.
class UnreadableDirectory : public NameReconcileTest {
 public:
  [[noreturn]] static void run_as_ordinary_user() {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 &&
        (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
         ::setresuid(kNobody, kNobody, kNobody) != 0)) {
      ::_exit(2);
    }
    {
      UnreadableDirectory test;
      test.SetUp();
      test.TestBody();
      test.TearDown();
    }
    ::_exit(HasFailure() ? 1 : 0);
  }

 private:
  void TestBody() override {
    files_.make_directory("a");
    const ObjectId f = make_known("a/f");
    ASSERT_EQ(::fchmodat(files_.fd(), "a", 0, 0), 0);
    const auto reconciled = reconcile();
    EXPECT_FALSE(reconciled.complete);
    EXPECT_TRUE(reconciled.dead.empty());
    EXPECT_EQ(path_of(f), "a/f");
    ASSERT_EQ(::fchmodat(files_.fd(), "a", 0755, 0), 0);
  }
};

TEST_P(NameReconcileTest, WhatMayNotBeReadIsNotTakenForGone) {
  EXPECT_EXIT(UnreadableDirectory::run_as_ordinary_user(), testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(Openings, NameReconcileTest,
                         testing::Values(tree::SourceTree::Opening::kBest,
                                         tree::SourceTree::Opening::kByPath),
                         opening_name);

}  // namespace
}  // namespace vexfs::engine
