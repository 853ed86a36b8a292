// Tests of the waits between tries.
#include "base/backoff.h"

#include <gtest/gtest.h>

namespace vexfs {
namespace {

using std::chrono::milliseconds;

TEST(BackoffTest, DoublesUpToTheLongest) {
  Backoff backoff(milliseconds(500), milliseconds(3000));
  EXPECT_EQ(backoff.next(), milliseconds(500));
  EXPECT_EQ(backoff.next(), milliseconds(1000));
  EXPECT_EQ(backoff.next(), milliseconds(2000));
  EXPECT_EQ(backoff.next(), milliseconds(3000));
  EXPECT_EQ(backoff.next(), milliseconds(3000));
  backoff.reset();
  EXPECT_EQ(backoff.next(), milliseconds(500));
}

}  // namespace
}  // namespace vexfs
