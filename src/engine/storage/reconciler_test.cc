// What changed while nobody looked is found, and what is gone is forgotten.
#include "engine/storage/reconciler.h"

#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class ReconcilerTest : public PartsFixture {
 protected:
  bool is_orphan(ObjectId object) {
    const MutexLock lock(mutex());
    return parts_->orphans.contains(object);
  }
};

TEST_F(ReconcilerTest, AFileThatIsGoneIsForgotten) {
  const ObjectKey gone = make("a", 1);
  const ObjectKey kept = make("b", 2);
  ASSERT_EQ(::unlinkat(files_.fd(), "a", 0), 0);
  EXPECT_EQ(count_found(), 2U) << "nobody has reported it";
  ASSERT_TRUE(parts_->reconciler.run(NameTable::Extent::kAll).ok());
  EXPECT_EQ(object_of(gone), kNoObject);
  EXPECT_EQ(count_found(), 1U);
  EXPECT_TRUE(has(kept, 2));
  EXPECT_TRUE(parts_->names.known());
}

TEST_F(ReconcilerTest, AnOpenFileKeepsItsVectorsUntilItIsClosed) {
  const ObjectKey key = make("a", 1);
  const ObjectId object = object_of(key);
  Fd open(::openat(files_.fd(), "a", O_RDONLY | O_CLOEXEC));
  unlink("a");
  ASSERT_TRUE(parts_->reconciler.run(NameTable::Extent::kNameless).ok());
  EXPECT_TRUE(has(key, 1));
  EXPECT_TRUE(is_orphan(object));
  open.reset();
  ASSERT_TRUE(parts_->reconciler.run(NameTable::Extent::kNameless).ok());
  EXPECT_EQ(object_of(key), kNoObject);
  EXPECT_FALSE(is_orphan(object));
  EXPECT_FALSE(parts_->names.known()) << "only the nameless were looked at";
}

TEST_F(ReconcilerTest, AnOrphanIsFoundUnderItsNewName) {
  const ObjectKey key = make("a", 1);
  const ObjectId object = object_of(key);
  ASSERT_EQ(::linkat(files_.fd(), "a", files_.fd(), "b", 0), 0);  // Unseen.
  unlink("a");
  EXPECT_TRUE(is_orphan(object));
  ASSERT_TRUE(parts_->reconciler.run(NameTable::Extent::kNameless).ok());
  EXPECT_FALSE(is_orphan(object));
  EXPECT_EQ(count_found(), 1U);
}

TEST_F(ReconcilerTest, UnknownOrphansAreKnownThen) {
  {
    const MutexLock lock(mutex());
    parts_->orphans.set_unknown(Clock::now());
  }
  ASSERT_TRUE(parts_->reconciler.run(NameTable::Extent::kNameless).ok());
  const MutexLock lock(mutex());
  EXPECT_EQ(parts_->orphans.left(), 0U);
}

// Its vectors in each space, and its document.
TEST_F(ReconcilerTest, AllOfAnObjectIsForgotten) {
  ASSERT_TRUE(parts_->spaces.create("other", {.dim = 2}, 0).ok());
  const ObjectKey key = make("a", 1);
  ASSERT_TRUE(parts_->vectors.set(key, "other", bytes_of({{1, 2}}), SetMode::kAny).ok());
  DocumentPart part;
  part.key = key;
  const auto clip = parts_->spaces.open_handle("clip");
  ASSERT_TRUE(parts_->documents.put(clip.value(), {&part, 1}, nullptr).ok());
  ASSERT_TRUE(part.status.ok()) << part.status.what();
  unlink("a");
  ASSERT_TRUE(parts_->reconciler.run(NameTable::Extent::kNameless).ok());
  EXPECT_EQ(object_of(key), kNoObject);
  const MutexLock lock(mutex());
  for (const SpacePointer& space : parts_->store.spaces) EXPECT_EQ(space->row.vectors, 0U);
}

}  // namespace
}  // namespace vexfs::engine
