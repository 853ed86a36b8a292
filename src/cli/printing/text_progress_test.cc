// What is said of an index while it is being made.
#include "cli/printing/text_progress.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/tree/testing/fake_tree.h"

namespace vexfs::cli {
namespace {

TEST(TextProgressTest, Members) {
  const TextProgress progress = parse_progress(Json::parse(
      R"({"progress":{"indexing":true,"documents":6,"passages":20,"pending":10,"failed":1,
          "skipped":3,"scanning":false,"files_per_second":2.5,"seconds_left":4}})"));
  EXPECT_TRUE(progress.indexing);
  EXPECT_EQ(progress.done(), 10U);
  EXPECT_EQ(fraction_of(progress), 0.5);
  EXPECT_EQ(progress.passages, 20U);
  EXPECT_EQ(progress.files_per_second, 2.5);
  EXPECT_EQ(progress.seconds_left, 4);
  EXPECT_EQ(parse_progress(Json::parse("{}")).done(), 0U);
}

TEST(TextProgressTest, Sentences) {
  EXPECT_EQ(progress_sentence({.documents = 312, .pending = 3688}), "312 of 4,000 files indexed");
  EXPECT_EQ(progress_sentence({.scanning = true, .documents = 312, .pending = 1}),
            "312 files indexed so far");
  EXPECT_EQ(progress_sentence({.documents = 4000, .failed = 2, .skipped = 17}),
            "4,019 files indexed, 2 failed, 17 without text");
}

TEST(TextProgressTest, AnotherEmbedder) {
  EXPECT_FALSE(parse_progress(Json::parse(R"({"progress":{}})")).change.has_value());
  const TextProgress progress = parse_progress(Json::parse(
      R"({"progress":{"documents":9,"switching":{"to":"m","documents":3,"of":4000,
          "files_per_second":1.5,"seconds_left":2,"trouble":"t"}}})"));
  ASSERT_TRUE(progress.change.has_value());
  EXPECT_EQ(progress.change->files_per_second, 1.5);
  EXPECT_EQ(progress.change->trouble, "t");
  EXPECT_EQ(progress_sentence(progress), "9 files indexed; 3 of 4,000 files embedded by m");
}

TEST(TextProgressTest, AnUnknownWholeHasNoFraction) {
  EXPECT_LT(fraction_of(TextProgress{}), 0);
  EXPECT_LT(fraction_of({.scanning = true, .documents = 3, .pending = 1}), 0);
}

TEST(TextProgressTest, ATreeIsIndexedWhenAnEmbedderFillsASpace) {
  FakeTree tree;
  bool indexed = true;
  std::string problem;
  ASSERT_TRUE(ask_indexed(tree, indexed, problem));
  EXPECT_FALSE(indexed);
  tree.space.filler = "embedder";
  ASSERT_TRUE(ask_indexed(tree, indexed, problem));
  EXPECT_TRUE(indexed);
}

TEST(TextProgressTest, FailuresAreTold) {
  FakeTree tree;
  TextProgress progress;
  std::string problem;
  EXPECT_FALSE(ask_progress(tree, progress, problem));
  EXPECT_EQ(problem, "no such request");
}

}  // namespace
}  // namespace vexfs::cli
