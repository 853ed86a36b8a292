// Tests of the fence: what passes it is what the step answered, or ENOMEM.
#include "base/guarded.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace vexfs {
namespace {

TEST(GuardedTest, AnswersPass) {
  EXPECT_TRUE(guarded([] { return Status(); }).ok());
  EXPECT_EQ(guarded([] { return Status(ENOENT, "none"); }).error(), ENOENT);
  EXPECT_EQ(guarded([] { return Result<int>(7); }).value(), 7);
}

TEST(GuardedTest, ExceptionsDoNot) {
  EXPECT_EQ(guarded([]() -> Status { throw std::bad_alloc(); }).error(), ENOMEM);
  EXPECT_EQ(guarded([]() -> Result<int> { throw std::length_error("too long"); }).error(), ENOMEM);
}

}  // namespace
}  // namespace vexfs
