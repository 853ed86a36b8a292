// A search is complete once the tree was asked for its names, and may wait for that.
#include <gtest/gtest.h>

#include <thread>

#include "engine/search/vector_search_engine.h"
#include "engine/storage/testing/storage_fixture.h"

namespace vexfs::engine {
namespace {

class NamesKnownTest : public StorageFixture {
 protected:
  void SetUp() override {
    StorageFixture::SetUp();
    ASSERT_TRUE(set(make("file"), 1).ok());
  }
  bool is_complete(uint32_t names_wait_ms = 0) {
    VectorSearchEngine engine(*tree_, *storage_, {.names_wait_ms = names_wait_ms});
    const Vector vector = random_vector(kDim, 1);
    Query query;
    query.vector = vector;
    const auto result = engine.search({0, 0, {}}, key_of("."), query);
    if (result.ok()) return result.value().complete;
    ADD_FAILURE() << result.failure().message;
    return false;
  }
};

TEST_F(NamesKnownTest, TheTreeIsAskedAtEachStart) {
  EXPECT_FALSE(is_complete());
  ASSERT_TRUE(storage_->reconcile().ok());
  EXPECT_TRUE(is_complete());
  open();
  EXPECT_FALSE(is_complete()) << "files may have moved meanwhile";
}

TEST_F(NamesKnownTest, ASearchWaitsForIt) {
  std::thread reconcile([this] { EXPECT_TRUE(storage_->reconcile().ok()); });
  EXPECT_TRUE(is_complete(60'000));
  reconcile.join();
}

TEST_F(NamesKnownTest, ASearchWaitsNoLongerThanItMay) { EXPECT_FALSE(is_complete(1)); }

TEST_F(NamesKnownTest, WithoutAnyChangeTheCatalogCounts) {
  ASSERT_TRUE(storage_->flush().ok());
  open({.read_only = true});
  EXPECT_TRUE(is_complete());
}

}  // namespace
}  // namespace vexfs::engine
