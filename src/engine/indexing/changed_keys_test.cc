// Keys come out once, and an overrun is reported.
#include "engine/indexing/changed_keys.h"

#include <gtest/gtest.h>

#include "tree/object_key.h"

namespace vexfs::engine {
namespace {

store::ObjectKey key_of(uint64_t number) { return tree::absent_key(store::ObjectId{number}); }

TEST(ChangedKeysTest, GivesWhatWasPushedOnce) {
  ChangedKeys keys;
  EXPECT_TRUE(keys.empty());
  EXPECT_TRUE(keys.push(key_of(1)));
  EXPECT_FALSE(keys.push(key_of(1)));
  EXPECT_FALSE(keys.push(key_of(2)));
  EXPECT_TRUE(keys.contains(key_of(2)));
  EXPECT_FALSE(keys.contains(key_of(3)));
  std::vector<store::ObjectKey> taken;
  EXPECT_TRUE(keys.take(taken));
  EXPECT_EQ(taken, (std::vector<store::ObjectKey>{key_of(1), key_of(2)}));
  EXPECT_TRUE(keys.empty());
  EXPECT_FALSE(keys.contains(key_of(2)));
  EXPECT_TRUE(keys.push(key_of(1)));
}

TEST(ChangedKeysTest, AnOverrunIsReportedOnce) {
  ChangedKeys keys;
  for (uint32_t i = 0; i <= limits::kChangedKeysMax; ++i) keys.push(key_of(i));
  std::vector<store::ObjectKey> taken;
  EXPECT_FALSE(keys.take(taken));
  EXPECT_EQ(taken.size(), limits::kChangedKeysMax);
  taken.clear();
  EXPECT_TRUE(keys.take(taken));
  EXPECT_TRUE(taken.empty());
}

}  // namespace
}  // namespace vexfs::engine
