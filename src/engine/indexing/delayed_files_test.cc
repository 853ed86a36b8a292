// Files come in the order of their times, and are put off within bounds.
#include "engine/indexing/delayed_files.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "tree/object_key.h"

namespace vexfs::engine {
namespace {

using std::chrono::milliseconds;

store::ObjectKey file_key(uint64_t number) { return tree::absent_key(store::ObjectId{number}); }

constexpr DelayedFiles::Clock::time_point kStart{};

TEST(DelayedFilesTest, TheOneThatIsDueFirstComesFirst) {
  DelayedFiles files;
  EXPECT_TRUE(files.delay(file_key(1), milliseconds(30), 0, kStart));
  EXPECT_TRUE(files.delay(file_key(2), milliseconds(10), 3, kStart));
  EXPECT_TRUE(files.delay(file_key(3), milliseconds(30), 0, kStart));  // At the same time.
  EXPECT_EQ(files.size(), 3U);
  EXPECT_EQ(files.first().key, file_key(2));
  EXPECT_EQ(files.first().due, kStart + milliseconds(10));
  EXPECT_EQ(files.first().tries, 3U);
  files.pop_first();
  EXPECT_EQ(files.first().due, kStart + milliseconds(30));
  files.pop_first();
  files.pop_first();
  EXPECT_TRUE(files.empty());
  EXPECT_TRUE(files.delay(file_key(2), milliseconds(10), 0, kStart)) << "it does not wait any more";
}

TEST(DelayedFilesTest, IsPutOffWithinABound) {
  DelayedFiles files;
  EXPECT_TRUE(files.delay(file_key(1), milliseconds(50), 0, kStart));
  const milliseconds most{limits::kTextSettleMaxMs};
  EXPECT_FALSE(files.delay(file_key(1), milliseconds(50), 0, kStart + milliseconds(40)));
  EXPECT_EQ(files.size(), 1U);
  EXPECT_EQ(files.first().due, kStart + milliseconds(90));
  EXPECT_FALSE(files.delay(file_key(1), milliseconds(50), 0, kStart + most - milliseconds(1)));
  EXPECT_EQ(files.first().due, kStart + most);
}

TEST(DelayedFilesTest, ALongFirstDelayIsItsOwnBound) {
  DelayedFiles files;
  const milliseconds longer{2 * limits::kTextSettleMaxMs};
  EXPECT_TRUE(files.delay(file_key(1), longer, 0, kStart));
  EXPECT_EQ(files.first().due, kStart + longer);
}

}  // namespace
}  // namespace vexfs::engine
