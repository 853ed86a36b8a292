// A removal is done as a whole or not at all. hnsw_index_test.cc judges what it does to searches.
#include "index/remove_slots.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>

#include "base/sanitizer.h"
#include "index/testing/test_image.h"
#include "index/testing/test_space.h"

namespace vexfs::index {
namespace {

constexpr uint32_t kRemovalSlots = 500;

// Nothing can be mapped while it lives.
class NoMoreMappings {
 public:
  NoMoreMappings() {
    EXPECT_EQ(::getrlimit(RLIMIT_AS, &before_), 0);
    const rlimit none = {4096, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_AS, &none), 0);
  }
  ~NoMoreMappings() { EXPECT_EQ(::setrlimit(RLIMIT_AS, &before_), 0); }

 private:
  rlimit before_ = {};
};

// The first change of an index that was opened is a removal, so its writer has no memory yet.
TEST(RemoveSlots, WithoutMemoryNothingIsRemoved) {
  if (kSanitized) GTEST_SKIP() << "sanitizers map memory of their own at any time";
  SpaceParameters parameters;
  parameters.dim = 8;
  TestSpace space(parameters, kRemovalSlots);
  ASSERT_TRUE(space.index().add(TestSpace::slots(0, kRemovalSlots), 1).ok());
  TestImage image(space.index().sections());
  const auto index = std::move(HnswIndex::open(parameters, space.rows(), image.map())).value();
  const std::vector<Slot> removed = TestSpace::slots(100, 200);
  {
    const NoMoreMappings limit;
    EXPECT_EQ(index->remove(removed, 1).error(), ENOMEM);
  }
  EXPECT_EQ(index->size(), kRemovalSlots);
  ASSERT_TRUE(index->remove(removed, 1).ok());
  EXPECT_EQ(index->size(), kRemovalSlots - removed.size());
  TestImage after(index->sections());
  EXPECT_TRUE(HnswIndex::open(parameters, space.rows(), after.map()).ok());
}

}  // namespace
}  // namespace vexfs::index
