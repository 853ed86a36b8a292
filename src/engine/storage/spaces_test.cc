// Spaces are made, opened at their first use, and dropped. Replacement: spaces_replace_test.cc.
#include "engine/storage/spaces.h"

#include <thread>

#include "base/testing/failing_io.h"
#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class SpacesTest : public PartsFixture {
 protected:
  void TearDown() override { parts_.reset(); }  // Before its io.

  bool is_open(const char* name) {
    const MutexLock lock(mutex());
    return parts_->store.spaces.find(name)->is_open();
  }

  FailingIo failing_;
};

TEST_F(SpacesTest, NamesAndParametersAreChecked) {
  Spaces& spaces = parts_->spaces;
  EXPECT_EQ(spaces.create("clip", {.dim = 3}, 0).error(), EEXIST);
  EXPECT_EQ(spaces.create("text~", {.dim = 3}, 0).error(), EINVAL) << "users do not replace";
  EXPECT_EQ(spaces.create("b", {.dim = 0}, 0).error(), EINVAL);
  EXPECT_EQ(spaces.open("b").error(), ENODATA);
  EXPECT_EQ(spaces.drop("b").error(), ENOENT);
  EXPECT_TRUE(spaces.create("text~", {.dim = 3}, 7).ok());
}

TEST_F(SpacesTest, OpensAtTheFirstUseAndOnceForAll) {
  const ObjectKey key = make("a");
  open();
  EXPECT_FALSE(is_open("clip"));
  std::array<SpacePointer, 4> opened;
  std::array<std::thread, 4> threads;
  for (size_t i = 0; i < threads.size(); ++i) {
    threads[i] =
        std::thread([this, &opened, i] { opened[i] = parts_->spaces.open("clip").value(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const SpacePointer& space : opened) EXPECT_EQ(space, opened[0]);
  EXPECT_TRUE(is_open("clip"));
  EXPECT_TRUE(has(key, 1));
  EXPECT_EQ(count_found(), 1U);
}

TEST_F(SpacesTest, AfterAFailureItOpensAtTheNextUse) {
  const ObjectKey key = make("a");
  io_ = &failing_;
  open();
  failing_.fail_at(0, true);
  EXPECT_EQ(parts_->spaces.open("clip").error(), EIO);
  EXPECT_FALSE(is_open("clip"));
  failing_.fail_at(-1, false);
  EXPECT_TRUE(parts_->spaces.open("clip").ok());
  EXPECT_TRUE(has(key, 1));
}

TEST_F(SpacesTest, OrphansAreHiddenWhenItOpens) {
  (void)make("a", 1);
  (void)make("b", 2);
  const Fd file(::openat(files_.fd(), "a", O_RDONLY | O_CLOEXEC));
  open();
  unlink("a");
  EXPECT_FALSE(is_open("clip"));
  EXPECT_EQ(count_found(), 1U);
}

TEST_F(SpacesTest, ADroppedOneServesWhoHoldsIt) {
  (void)make("a");
  const OpenSpace held = parts_->spaces.open_handle("clip").value();
  ASSERT_TRUE(parts_->spaces.drop("clip").ok());
  EXPECT_EQ(parts_->spaces.open("clip").error(), ENODATA);
  EXPECT_EQ(::faccessat(files_.fd(), ".vexfs/spaces/clip", F_OK, 0), -1);
  std::vector<index::Neighbor> out(1);
  const Vector query(kDim);
  EXPECT_EQ(held.knn->search(query.data(), {.k = 1}, true, out).value().count, 1U);
  EXPECT_TRUE(parts_->spaces.create("clip", {.dim = 3}, 0).ok()) << "its name is free";
}

TEST_F(SpacesTest, AReaderDropsAndMakesNothing) {
  open({.read_only = true});
  EXPECT_EQ(parts_->spaces.create("b", {.dim = 3}, 0).error(), EROFS);
  EXPECT_EQ(parts_->spaces.drop("clip").error(), EROFS);
  EXPECT_EQ(parts_->spaces.replace("clip").error(), EROFS);
  EXPECT_TRUE(parts_->spaces.open("clip").ok());
}

}  // namespace
}  // namespace vexfs::engine
