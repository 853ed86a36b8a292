// Tests of Result with either kind of failure.
#include "base/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/refusal.h"

namespace vexfs {
namespace {

Result<int> plain(int error) {
  if (error != 0) return Status(error, "a step");
  return 7;
}

Result<std::string, Refusal> worded(int error) {
  if (error == EINVAL) return Refusal(EINVAL, "k must be a number");
  VEXFS_TRY(number, plain(error));
  return std::to_string(number);
}

Result<size_t, Refusal> length_of_worded(int error) {
  VEXFS_TRY(text, worded(error));
  return text.size();
}

TEST(ResultTest, HoldsAValueOrAStatus) {
  EXPECT_EQ(plain(0).value(), 7);
  EXPECT_TRUE(plain(0).status().ok());
  EXPECT_EQ(plain(EIO).error(), EIO);
  EXPECT_STREQ(plain(EIO).failure().what(), "a step");
}

TEST(ResultTest, RefusalsKeepTheirSentence) {
  EXPECT_EQ(length_of_worded(0).value(), 1U);
  const auto refused = length_of_worded(EINVAL);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error(), EINVAL);
  EXPECT_EQ(refused.failure().message, "k must be a number");
}

TEST(ResultTest, AStatusBecomesARefusal) {
  const auto refused = length_of_worded(EIO);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().error(), EIO);
  EXPECT_EQ(refused.failure().message, "a step");
}

Result<void, Refusal> checked(int error) {
  if (error == EINVAL) return Refusal(EINVAL, "k must be a number");
  return plain(error).status();
}

Result<int, Refusal> after_check(int error) {
  VEXFS_CHECK_OK(checked(error));
  return 5;
}

TEST(ResultTest, WithoutAValue) {
  EXPECT_TRUE(checked(0).ok());
  EXPECT_TRUE(checked(0).status().ok());
  EXPECT_EQ(checked(EINVAL).error(), EINVAL);
  EXPECT_EQ(checked(EIO).failure().message, "a step");
  EXPECT_EQ(after_check(0).value(), 5);
  EXPECT_EQ(after_check(EINVAL).failure().message, "k must be a number");
  EXPECT_EQ(after_check(EIO).failure().message, "a step");
}

TEST(ResultTest, ValuesThatOnlyMove) {
  Result<std::unique_ptr<int>, Refusal> result(std::make_unique<int>(3));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 3);
}

}  // namespace
}  // namespace vexfs
