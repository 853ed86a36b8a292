// Vectors take the place of others by their ordinals, and objects go with their last vector.
#include "engine/storage/file_vectors.h"

#include "base/testing/failing_io.h"
#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class FileVectorsTest : public PartsFixture {
 protected:
  void TearDown() override { parts_.reset(); }  // Before its io.

  // Puts so many vectors into the space "clip".
  Status put(const ObjectKey& key, uint32_t first_ordinal, uint32_t count, bool last) {
    const ObjectId object = object_of(key);
    const Vector vectors(count * kDim, 0.5F);
    RowsToPut rows;
    rows.vectors = vectors.data();
    rows.count = count;
    rows.first_ordinal = first_ordinal;
    rows.last = last;
    const MutexLock lock(mutex());
    const SpacePointer space = parts_->store.spaces.find("clip");
    const Status status = parts_->vectors.put(*space, object, rows, false);
    EXPECT_EQ(parts_->vectors.slots_put().size(), count);
    return status;
  }
  uint32_t vectors_of_space() {
    const MutexLock lock(mutex());
    return parts_->store.spaces.find("clip")->row.vectors;
  }

  FailingIo failing_;
};

TEST_F(FileVectorsTest, SetGetRemoveAreCounted) {
  FileVectors& vectors = parts_->vectors;
  const ObjectKey key = make("a", 1);
  EXPECT_TRUE(has(key, 1));
  EXPECT_FALSE(has(key, 2));
  ASSERT_TRUE(set(key, 2).ok());
  EXPECT_TRUE(has(key, 2));
  EXPECT_EQ(count_found(), 1U);
  ASSERT_TRUE(vectors.remove(key, "clip").ok());
  EXPECT_EQ(vectors.remove(key, "clip").error(), ENODATA);
  EXPECT_EQ(count_found(), 0U);
  EXPECT_EQ(vectors.sets(), 2U);
  EXPECT_EQ(vectors.gets(), 3U);
  EXPECT_EQ(vectors.removes(), 1U);
}

TEST_F(FileVectorsTest, APartTakesThePlaceOfItsOrdinals) {
  const ObjectKey key = make("a");
  ASSERT_TRUE(put(key, 0, 3, true).ok());
  const std::vector<Slot> three = slots_of(key);
  ASSERT_EQ(three.size(), 3U);
  ASSERT_TRUE(put(key, 1, 1, false).ok());
  const std::vector<Slot> middle = slots_of(key);
  ASSERT_EQ(middle.size(), 3U) << "the one behind stays";
  EXPECT_EQ(middle[0], three[0]);
  EXPECT_NE(middle[1], three[1]);
  EXPECT_EQ(middle[2], three[2]);
  ASSERT_TRUE(put(key, 1, 1, true).ok());
  EXPECT_EQ(slots_of(key).size(), 2U) << "the last has none behind it";
  EXPECT_EQ(vectors_of_space(), 2U);
  EXPECT_EQ(count_found(), 2U);
}

TEST_F(FileVectorsTest, AnObjectGoesWithItsLastVector) {
  ASSERT_TRUE(parts_->spaces.create("other", {.dim = 2}, 0).ok());
  const ObjectKey key = make("a");
  ASSERT_TRUE(parts_->vectors.set(key, "other", bytes_of({{1, 2}}), SetMode::kAny).ok());
  ASSERT_TRUE(parts_->vectors.remove(key, "clip").ok());
  EXPECT_NE(object_of(key), kNoObject);
  ASSERT_TRUE(parts_->vectors.remove(key, "other").ok());
  EXPECT_EQ(object_of(key), kNoObject);
}

TEST_F(FileVectorsTest, AllOfAnObjectGo) {
  ASSERT_TRUE(parts_->spaces.create("other", {.dim = 2}, 0).ok());
  const ObjectKey key = make("a");
  ASSERT_TRUE(parts_->vectors.set(key, "other", bytes_of({{1, 2}}), SetMode::kAny).ok());
  const ObjectId object = object_of(key);
  {
    const MutexLock lock(mutex());
    ASSERT_TRUE(parts_->vectors.remove_from_all(object).ok());
    ASSERT_TRUE(parts_->vectors.forget_if_bare(object).ok());
  }
  EXPECT_EQ(object_of(key), kNoObject);
  EXPECT_EQ(vectors_of_space(), 0U);
}

TEST_F(FileVectorsTest, AnOrphansNewVectorsAreHidden) {
  const ObjectKey key = make("a");
  const Fd open(::openat(files_.fd(), "a", O_RDONLY | O_CLOEXEC));
  unlink("a");
  EXPECT_EQ(count_found(), 0U);
  ASSERT_TRUE(set(key, 2).ok());
  EXPECT_TRUE(has(key, 2));
  EXPECT_EQ(count_found(), 0U);
}

// A row that cannot be written changes nothing: the old vector is there, and found.
TEST_F(FileVectorsTest, AFailedWriteLeavesTheOldVector) {
  io_ = &failing_;
  open();
  const ObjectKey key = make("a", 1);
  failing_.fail_at(0, true);
  EXPECT_FALSE(set(key, 2).ok());
  failing_.fail_at(-1, false);
  EXPECT_TRUE(has(key, 1));
  EXPECT_EQ(count_found(), 1U);
  ASSERT_TRUE(set(key, 3).ok()) << "the slot is free again";
  EXPECT_TRUE(has(key, 3));
}

TEST_F(FileVectorsTest, AnEmbeddersSpaceIsNotForUsers) {
  ASSERT_TRUE(parts_->spaces.create("text", {.dim = 2}, 7).ok());
  const ObjectKey key = make("a");
  EXPECT_EQ(parts_->vectors.set(key, "text", bytes_of({{1, 2}}), SetMode::kAny).error(), EPERM);
  EXPECT_EQ(parts_->vectors.remove(key, "text").error(), EPERM);
}

}  // namespace
}  // namespace vexfs::engine
