// Tests of dates: the calendar's edges, and forms that are refused.
#include "engine/query/date.h"

#include <gtest/gtest.h>

namespace vexfs::engine {
namespace {

TEST(DateTest, ReadsDatesAndTimes) {
  const auto date = [](const char* text) { return parse_date(text); };
  EXPECT_EQ(date("1970-01-01").value(), 0);
  EXPECT_EQ(date("2000-02-29").value(), 951782400);
  EXPECT_EQ(date("1969-12-31T23:59:59Z").value(), -1);
  EXPECT_EQ(date("2026-11-24T21:38:12Z").value(), 1795556292);
  EXPECT_EQ(date("9999-12-31").value(), 253402214400);
  for (const char* bad : {"", "2026", "2026-1-1", "2026-13-01", "2026-00-01", "2026-02-29",
                          "1900-02-29", "2026-04-31", "0000-01-01", "2026-01-01T00:00:00",
                          "2026-01-01T24:00:00Z", "2026-01-01 00:00:00Z", "+026-01-01"}) {
    EXPECT_FALSE(date(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace vexfs::engine
