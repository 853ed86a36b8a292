// The wait for an index ends with the index, with its time, with Ctrl-C, and with a failure.
#include "cli/index_wait.h"

#include <gtest/gtest.h>
#include <signal.h>

#include "cli/interrupt.h"
#include "cli/tree/testing/fake_tree.h"

namespace vexfs::cli {
namespace {

class IndexWaitTest : public testing::Test {
 protected:
  IndexWait wait(std::chrono::milliseconds most = kNoTimeout) {
    return wait_for_index(tree_, shown_, most, last_, problem_);
  }

  FakeTree tree_;
  Progress shown_{true, "files"};
  TextProgress last_;
  std::string problem_;
};

TEST_F(IndexWaitTest, UntilNothingWaits) {
  int asked = 0;
  tree_.progress = [&] {
    ++asked;
    if (asked == 1) return R"({"indexing":true,"scanning":true,"documents":1})";
    if (asked == 2) return R"({"indexing":true,"documents":1,"pending":1})";
    return R"({"documents":2})";
  };
  EXPECT_EQ(wait(), IndexWait::kDone);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(last_.documents, 2U);
}

TEST_F(IndexWaitTest, ForAnotherEmbedderWhereItIsWanted) {
  int asked = 0;
  tree_.progress = [&] {
    if (++asked < 3) return R"({"documents":2,"switching":{"to":"m","documents":1,"of":2}})";
    return R"({"documents":2})";
  };
  EXPECT_EQ(wait(), IndexWait::kDone);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(wait_for_index(tree_, shown_, kNoTimeout, last_, problem_, WaitFor::kEmbedder),
            IndexWait::kDone);
  EXPECT_EQ(asked, 3);
}

TEST_F(IndexWaitTest, NotForAnEmbedderThatIsNotUsed) {
  int asked = 0;
  tree_.progress = [&] {
    if (++asked == 1) return R"({"indexing":true,"pending":2,"warning":"it does not count"})";
    return R"({"documents":1,"pending":1,"warning":"it does not count"})";
  };
  EXPECT_EQ(wait(), IndexWait::kDone);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(last_.warning, "it does not count");
}

TEST_F(IndexWaitTest, NoLongerThanIsWanted) {
  tree_.progress = [] { return R"({"indexing":true,"documents":1,"pending":1})"; };
  EXPECT_EQ(wait(std::chrono::milliseconds(0)), IndexWait::kTimedOut);
  EXPECT_EQ(last_.pending, 1U);
}

TEST_F(IndexWaitTest, UntilControlC) {
  const Interrupt interrupt;
  tree_.progress = [] {
    (void)::raise(SIGINT);
    return R"({"indexing":true})";
  };
  EXPECT_EQ(wait(), IndexWait::kInterrupted);
}

TEST_F(IndexWaitTest, FailuresAreTold) {
  EXPECT_EQ(wait(), IndexWait::kFailed);
  EXPECT_EQ(problem_, "no such request");
}

}  // namespace
}  // namespace vexfs::cli
