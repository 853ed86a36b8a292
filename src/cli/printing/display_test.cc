// What is printed of paths, scores, groups and sizes.
#include "cli/printing/display.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace vexfs::cli {
namespace {

TEST(DisplayTest, PathsAreAsTheUserWouldTypeThem) {
  EXPECT_EQ(shown_path(".", "a/b"), "a/b");
  EXPECT_EQ(shown_path("", "a/b"), "a/b");
  EXPECT_EQ(shown_path("docs", "a/b"), "docs/a/b");
  EXPECT_EQ(shown_path("../docs/", "a/b"), "../docs/a/b");
  EXPECT_EQ(shown_path("/", "a/b"), "/a/b");
}

TEST(DisplayTest, Hits) {
  const Json reply = Json::parse(
      R"({"hits":[{"path":"a","score":0.98765,"line":0},{"path":"b/c","score":-2,"line":7},3]})");
  EXPECT_EQ(shown_hits(reply, "d", false), "0.9877  d/a\n-2.0000  d/b/c:7\n0.0000  d/\n");
  EXPECT_EQ(shown_hits(Json::parse(R"({"hits":[{"path":"a","score":1,"line":2}]})"), ".", true),
            "\033[32m1.0000\033[0m  \033[35ma\033[0m:\033[36m2\033[0m\n");
  EXPECT_EQ(shown_hits(Json::parse("{}"), ".", false), "");
}

TEST(DisplayTest, Duplicates) {
  const Json reply = Json::parse(
      R"({"duplicates":[{"paths":["a","b"],"distance":0},{"paths":["c","d/e",1],"distance":1}]})");
  EXPECT_EQ(shown_duplicates(reply, "."), "a\nb\n\nc\nd/e\n");
}

TEST(DisplayTest, Sizes) {
  EXPECT_EQ(shown_bytes(0), "0 bytes");
  EXPECT_EQ(shown_bytes(1023), "1023 bytes");
  EXPECT_EQ(shown_bytes(1536), "1.5 KiB");
  EXPECT_EQ(shown_bytes(uint64_t{3} << 30), "3.0 GiB");
  EXPECT_EQ(shown_bytes(UINT64_MAX), "16777216.0 TiB");
}

TEST(DisplayTest, Numbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

}  // namespace
}  // namespace vexfs::cli
