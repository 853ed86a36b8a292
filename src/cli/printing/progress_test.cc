// Tests of the progress line: what it says, and that it fits.
#include "cli/printing/progress.h"

#include <gtest/gtest.h>

namespace vexfs::cli {
namespace {

TEST(ProgressTest, SaysHowFarHowFastAndHowLong) {
  EXPECT_EQ(progress_line({12345, 0.5, 10}, 79),
            " 50 % ###############                 12,345 rows, 1,234/s, 10 s left");
  EXPECT_EQ(progress_line({10, 0.5, 10, "files", 3.7, 61}, 79),
            " 50 % ###############                 10 files, 3/s, 1:01 min left");
  EXPECT_EQ(progress_line({1234567, -1, 100}, 79), "1,234,567 rows, 12,345/s");
  EXPECT_EQ(progress_line({0, 0, 0}, 30), "  0 %" + std::string(17, ' ') + "  0 rows");
  EXPECT_NE(progress_line({1, 0.01, 10}, 79).find("16:30 min left"), std::string::npos);
  EXPECT_NE(progress_line({1, 0.001, 10}, 79).find("2:46 h left"), std::string::npos);
}

TEST(ProgressTest, FitsTheTerminal) {
  for (unsigned columns = 1; columns < 120; ++columns) {
    for (const double fraction : {-1.0, 0.0, 0.3, 1.0, 7.0}) {
      EXPECT_LE(progress_line({999999999, fraction, 123456}, columns).size(), columns);
    }
  }
}

}  // namespace
}  // namespace vexfs::cli
