// The list of failures is read page after page, and ends.
#include "cli/tree/failed_files.h"

#include <gtest/gtest.h>

#include <vector>

#include "cli/tree/testing/fake_tree.h"

namespace vexfs::cli {
namespace {

TEST(FailedFilesTest, PageAfterPage) {
  FakeTree tree;
  tree.failures = [](const std::string& after) {
    if (after.empty()) {
      return R"({"failures":[{"path":"a","state":"failed","why":"x"},{"path":"b","state":"skipped",
                 "why":"y"}],"more":true})";
    }
    EXPECT_EQ(after, "b");
    return R"({"failures":[{"path":"c","state":"failed","why":"z"}],"more":false})";
  };
  std::vector<std::string> told;
  std::string problem;
  EXPECT_TRUE(each_failed_file(
      tree,
      [&](const FailedFile& file) {
        told.push_back(file.path + " " + file.state + " " + file.why);
        return true;
      },
      problem));
  EXPECT_EQ(told, (std::vector<std::string>{"a failed x", "b skipped y", "c failed z"}));
  int seen = 0;
  EXPECT_TRUE(each_failed_file(
      tree, [&](const FailedFile&) { return ++seen < 1; }, problem));
  EXPECT_EQ(seen, 1);
}

TEST(FailedFilesTest, PagesWithoutProgressEnd) {
  FakeTree tree;
  tree.failures = [](const std::string&) { return R"({"failures":[],"more":true})"; };
  std::string problem;
  EXPECT_TRUE(each_failed_file(
      tree, [](const FailedFile&) { return true; }, problem));
}

TEST(FailedFilesTest, FailuresOfTheRequestAreTold) {
  FakeTree tree;
  std::string problem;
  EXPECT_FALSE(each_failed_file(
      tree, [](const FailedFile&) { return true; }, problem));
  EXPECT_EQ(problem, "no such request");
}

}  // namespace
}  // namespace vexfs::cli
