// What options and qualifiers become in a query, and which of two prevails.
#include "cli/search_request.h"

#include <gtest/gtest.h>

namespace vexfs::cli {
namespace {

TEST(SearchRequestTest, OptionsWinOverQualifiers) {
  SearchArguments arguments;
  arguments.query = "new passport k:50 type:md mode:lexical";
  engine::Query query;
  std::string problem;
  ASSERT_TRUE(search_request(arguments, query, problem)) << problem;
  EXPECT_EQ(query.text, "new passport");
  EXPECT_EQ(query.k, 50U);
  EXPECT_EQ(query.types, std::vector<std::string>{"md"});
  EXPECT_EQ(query.mode, engine::QueryMode::kLexical);

  arguments.k = 3;
  arguments.types = {".pdf"};
  arguments.mode = "semantic";
  arguments.after = "2026-01-01";
  arguments.no_fold = true;
  arguments.names_only = true;
  query = {};
  ASSERT_TRUE(search_request(arguments, query, problem)) << problem;
  EXPECT_EQ(query.k, 3U);
  EXPECT_EQ(query.types, std::vector<std::string>{"pdf"});
  EXPECT_EQ(query.mode, engine::QueryMode::kSemantic);
  EXPECT_EQ(query.after, 1767225600);
  EXPECT_FALSE(query.fold_duplicates);
  EXPECT_EQ(query.text_bytes, 0U);
}

TEST(SearchRequestTest, WhatDoesNotFitIsTold) {
  const auto problem_of = [](const char* query, const char* mode, const char* after) {
    SearchArguments arguments;
    arguments.query = query;
    arguments.mode = mode;
    arguments.after = after;
    engine::Query refused;
    std::string problem;
    EXPECT_FALSE(search_request(arguments, refused, problem)) << query;
    return problem;
  };
  EXPECT_TRUE(problem_of("a k:0", "", "").starts_with("k: must be"));
  EXPECT_FALSE(problem_of("type:md", "", "").empty());
  EXPECT_TRUE(problem_of("a", "fuzzy", "").starts_with("--mode"));
  EXPECT_TRUE(problem_of("a", "", "soon").starts_with("--after"));
}

}  // namespace
}  // namespace vexfs::cli
