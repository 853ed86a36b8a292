// In the generated table names, values and comments belong together.
#include "cli/limits_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

#include "base/limits.h"

namespace vexfs::cli {
namespace {

TEST(LimitsTableTest, EachBoundHasItsValue) {
  std::map<std::string_view, double> values;
  for (const LimitRow& row : limit_rows()) {
    EXPECT_TRUE(values.emplace(row.name, row.value).second) << row.name;
  }
  EXPECT_EQ(values.at("kDimMax"), limits::kDimMax);
  EXPECT_EQ(values.at("kOptionSecondsMax"), limits::kOptionSecondsMax);
  EXPECT_EQ(values.at("kCachedFilterBytesMax"), limits::kCachedFilterBytesMax);
}

TEST(LimitsTableTest, CommentsStandBeforeTheirBounds) {
  std::string told;
  for (const LimitRow& row : limit_rows()) {
    if (*row.what != '\0') told = row.what;
    if (std::string_view(row.name) == "kDimMax") {
      EXPECT_TRUE(told.starts_with("Floats of one"));
    }
    if (std::string_view(row.name) == "kExtractorSeconds") {
      EXPECT_TRUE(told.starts_with("An extractor process"));
    }
    if (std::string_view(row.name) == "kNameBytesMax") {
      EXPECT_EQ(told, "NAME_MAX, without the terminator.");
    }
  }
}

}  // namespace
}  // namespace vexfs::cli
