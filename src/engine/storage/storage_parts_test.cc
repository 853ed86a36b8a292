// Opening and closing: what a clean end leaves, and what another one does.
#include "engine/storage/storage_parts.h"

#include <sys/wait.h>

#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class StoragePartsTest : public PartsFixture {
 protected:
  uint64_t orphans_left() {
    const MutexLock lock(mutex());
    return parts_->orphans.left();
  }
  // A process that changes vectors of "a" and ends without closing the store.
  void end_unclean() {
    parts_.reset();
    const pid_t child = ::fork();
    if (child == 0) {
      open();
      const bool done = set(key_of("a"), 2).ok() && parts_->commit.flush().ok();
      ::_exit(done ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }
};

TEST_F(StoragePartsTest, ThereIsNoStoreUnlessItIsMade) {
  const tree::TemporaryTree empty;
  const auto tree = tree::SourceTree::create(empty.open_root());
  EXPECT_EQ(StorageParts::open(*io_, *tree.value(), {}, false).error(), ENOENT);
  EXPECT_TRUE(StorageParts::open(*io_, *tree.value(), {}, true).ok());
  EXPECT_TRUE(StorageParts::open(*io_, *tree.value(), {}, false).ok());
}

TEST_F(StoragePartsTest, ACleanEndLeavesNothingToLookFor) {
  const ObjectKey key = make("a");
  ASSERT_TRUE(parts_->upkeep.reconcile().ok());
  open();
  EXPECT_TRUE(parts_->store.started_clean);
  EXPECT_EQ(orphans_left(), 0U);
  EXPECT_TRUE(has(key, 1));
}

TEST_F(StoragePartsTest, OrphansOfACleanEndAreSought) {
  const ObjectKey key = make("a");
  ASSERT_TRUE(parts_->upkeep.reconcile().ok());
  const Fd file(::openat(files_.fd(), "a", O_RDONLY | O_CLOEXEC));
  unlink("a");
  open();
  EXPECT_TRUE(parts_->store.started_clean);
  EXPECT_EQ(orphans_left(), 1U);
  EXPECT_TRUE(has(key, 1));
}

TEST_F(StoragePartsTest, AfterAnUncleanEndAnyObjectMayBeAnOrphan) {
  const ObjectKey key = make("a");
  end_unclean();
  open();
  EXPECT_FALSE(parts_->store.started_clean);
  EXPECT_EQ(orphans_left(), 1U);
  EXPECT_TRUE(has(key, 2)) << "it was flushed";
}

TEST_F(StoragePartsTest, StrayFoldersGo) {
  (void)make("a");
  ASSERT_EQ(::mkdirat(files_.fd(), ".vexfs/spaces/stray", 0700), 0);
  open();
  EXPECT_EQ(::faccessat(files_.fd(), ".vexfs/spaces/stray", F_OK, 0), -1);
  EXPECT_EQ(::faccessat(files_.fd(), ".vexfs/spaces/clip", F_OK, 0), 0);
}

}  // namespace
}  // namespace vexfs::engine
