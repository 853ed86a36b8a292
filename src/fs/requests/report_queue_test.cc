// Tests of the queue of reports: order, its bound, and when its descriptor is readable.
#include "fs/requests/report_queue.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "base/limits.h"

namespace vexfs::fs {
namespace {

bool has_reports_waiting(const ReportQueue& queue) {
  pollfd waiting{queue.ready_fd(), POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 1;
}

TEST(ReportQueueTest, GivesWhatWasPostedInOrderAndOnce) {
  ReportQueue queue;
  ASSERT_GE(queue.ready_fd(), 0);
  EXPECT_FALSE(has_reports_waiting(queue));
  fuse_file_info fi = {};
  fi.fh = 4711;
  ASSERT_TRUE(queue.post({Report::kStack, nullptr, fi}));
  ASSERT_TRUE(queue.post({Report::kStatus, nullptr, {}}));
  EXPECT_TRUE(has_reports_waiting(queue));
  const std::vector<WaitingReport> taken = queue.take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].report, Report::kStack);
  EXPECT_EQ(taken[0].fi.fh, 4711U);
  EXPECT_EQ(taken[1].report, Report::kStatus);
  EXPECT_FALSE(has_reports_waiting(queue));
  EXPECT_TRUE(queue.take().empty());
}

TEST(ReportQueueTest, AFullQueueTakesNoMoreUntilItIsEmptied) {
  ReportQueue queue;
  for (size_t i = 0; i < limits::kReportsWaitingMax; ++i) {
    ASSERT_TRUE(queue.post({Report::kMetrics, nullptr, {}})) << i;
  }
  EXPECT_FALSE(queue.post({Report::kMetrics, nullptr, {}}));
  EXPECT_EQ(queue.take().size(), limits::kReportsWaitingMax);
  EXPECT_TRUE(queue.post({Report::kMetrics, nullptr, {}}));
}

}  // namespace
}  // namespace vexfs::fs
