// Tests of Backlog: when a second reader is called for.
#include "fs/requests/backlog.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace vexfs::fs {
namespace {

constexpr uint32_t kMany = 1000;

// The number of the request, within a backlog, at which help is called for; 0 for none.
uint32_t called_at(Backlog& backlog, bool reader_sleeps) {
  for (uint32_t request = 1; request <= kMany; ++request) {
    if (backlog.wants_help(true)) return request;
    if (reader_sleeps) ::usleep(1);
  }
  return 0;
}

TEST(BacklogTest, WithCpusToSpareTheSecondRequestInARowIsABacklog) {
  Backlog::Shared shared{.spare_cpus = true};
  Backlog backlog(shared);
  EXPECT_FALSE(backlog.wants_help(false));
  EXPECT_FALSE(backlog.wants_help(true));
  EXPECT_TRUE(backlog.wants_help(true));
  EXPECT_FALSE(backlog.wants_help(false));
  EXPECT_FALSE(backlog.wants_help(true)) << "the requests in a row were interrupted";
}

TEST(BacklogTest, OnFewCpusAReaderThatSleepsGetsHelpAndSoDoTheNext) {
  Backlog::Shared shared{.spare_cpus = false};
  Backlog first(shared);
  EXPECT_NE(called_at(first, true), 0U);
  Backlog next(shared);
  EXPECT_EQ(called_at(next, false), 2U) << "without another look";
}

TEST(BacklogTest, OnFewCpusTheHelpEndsWhenNoReaderSleepsAnyMore) {
  Backlog::Shared shared{.spare_cpus = false};
  Backlog first(shared);
  ASSERT_NE(called_at(first, true), 0U);
  for (uint32_t term = 0; term < kMany && shared.calls > 0; ++term) {
    Backlog next(shared);
    (void)called_at(next, false);
  }
  EXPECT_EQ(shared.calls, 0U);
}

TEST(BacklogTest, RequestsThatComeOneByOneAreNone) {
  Backlog::Shared shared{.spare_cpus = false};
  Backlog backlog(shared);
  for (uint32_t request = 0; request < kMany; ++request) {
    ASSERT_FALSE(backlog.wants_help(request % 2 == 0));
    if (request % 10 == 0) ::usleep(1);
  }
}

}  // namespace
}  // namespace vexfs::fs
