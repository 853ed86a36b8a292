// Slots of objects, hidden and found, and who owns them.
#include "engine/storage/object_slots.h"

#include <algorithm>

#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class ObjectSlotsTest : public PartsFixture {
 protected:
  // The directories of all slots that the object owns.
  std::vector<DirectoryIndex> owned_by(ObjectId object) {
    std::vector<DirectoryIndex> directories;
    const MutexLock lock(mutex());
    const SpacePointer space = parts_->store.spaces.find("clip");
    EXPECT_TRUE(parts_->slots.load_owners(*space).ok());
    space->owners->visit([&](Slot, ObjectId owner, DirectoryIndex directory) {
      if (owner == object) directories.push_back(directory);
    });
    return directories;
  }
};

TEST_F(ObjectSlotsTest, CollectsThoseOfTheSpaceAlone) {
  const ObjectKey a = make("a", 1);
  const ObjectKey b = make("b", 2);
  ASSERT_TRUE(parts_->spaces.create("other", {.dim = 2}, 0).ok());
  EXPECT_EQ(slots_of(a).size(), 1U);
  EXPECT_NE(slots_of(a), slots_of(b));
  EXPECT_TRUE(slots_of(a, "other").empty());
}

TEST_F(ObjectSlotsTest, WhatIsHiddenIsNotFound) {
  const ObjectId a = object_of(make("a", 1));
  (void)make("b", 2);
  EXPECT_EQ(count_found(), 2U);
  {
    const MutexLock lock(mutex());
    parts_->slots.hide(a, true);
  }
  EXPECT_EQ(count_found(), 1U);
  {
    const MutexLock lock(mutex());
    parts_->slots.hide(a, false);
  }
  EXPECT_EQ(count_found(), 2U);
}

TEST_F(ObjectSlotsTest, OwnersFollowTheNames) {
  files_.make_directory("d");
  const ObjectKey key = make("a", 1);
  const ObjectId a = object_of(key);
  (void)make("d/b", 2);
  EXPECT_EQ(owned_by(a), std::vector{kRootDirectory});
  ASSERT_EQ(::linkat(files_.fd(), "a", files_.fd(), "d/a", 0), 0);
  const ObjectKey directory = key_of("d");
  DirectoryIndex below;
  {
    const MutexLock lock(mutex());
    ASSERT_TRUE(parts_->store.names->linked(directory, "a", key).ok());
    below = parts_->store.names->find_directory(directory);
    parts_->slots.place_again(a);
  }
  const std::vector<DirectoryIndex> now = owned_by(a);
  EXPECT_EQ(now.size(), 2U);
  EXPECT_EQ(std::count(now.begin(), now.end(), kRootDirectory), 1);
  EXPECT_EQ(std::count(now.begin(), now.end(), below), 1);
}

TEST_F(ObjectSlotsTest, OwnersAreReadOnceAndKept) {
  const ObjectId a = object_of(make("a", 1));
  EXPECT_EQ(owned_by(a).size(), 1U);
  const ObjectId b = object_of(make("b", 2));
  EXPECT_EQ(owned_by(b), std::vector{kRootDirectory}) << "a set places its slots";
  const MutexLock lock(mutex());
  const SpacePointer space = parts_->store.spaces.find("clip");
  EXPECT_EQ(space->owners->object_of(Slot{1000}), kNoObject);
}

}  // namespace
}  // namespace vexfs::engine
