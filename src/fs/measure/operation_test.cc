// Tests of the operations: each has a name of its own that a report can hold, and its own counter.
#include "fs/measure/operation.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/limits.h"

namespace vexfs::fs {
namespace {

TEST(OperationTest, NamesAreWordsAndDiffer) {
  std::set<std::string> names;
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    const std::string name = operation_name(static_cast<Operation>(i));
    EXPECT_FALSE(name.empty());
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << name;
    names.insert(name);
  }
  EXPECT_EQ(names.size(), kOperationCount);
  EXPECT_STREQ(operation_name(Operation::lookup), "lookup");
  EXPECT_STREQ(operation_name(Operation::statx), "statx");
}

TEST(OperationTest, CountersCountTheirOwnOperation) {
  OperationCounters counters;
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    for (uint32_t n = 0; n <= i; ++n) counters.count(static_cast<Operation>(i));
  }
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    EXPECT_EQ(counters.of(static_cast<Operation>(i)), i + 1);
  }
}

TEST(OperationTest, WhatMayCallTheEngineHasTheLargerBudget) {
  EXPECT_EQ(stack_budget(Operation::lookup), limits::kFsOperationStackBytes);
  EXPECT_EQ(stack_budget(Operation::statx), limits::kFsOperationStackBytes);
  EXPECT_EQ(stack_budget(Operation::setxattr), limits::kRequestStackBytes);
  EXPECT_EQ(stack_budget(Operation::rename), limits::kRequestStackBytes);
}

}  // namespace
}  // namespace vexfs::fs
