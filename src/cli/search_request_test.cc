// What options and qualifiers become in a query, and which of two prevails.
#include "cli/search_request.h"

#include <gtest/gtest.h>

namespace vexfs::cli {
namespace {

TEST(SearchRequestTest, OptionsWinOverQualifiers) {
  SearchArguments arguments;
  arguments.query = "new passport k:50 type:md mode:lexical";
  engine::QueryRequest request;
  std::string problem;
  ASSERT_TRUE(search_request(arguments, request, problem)) << problem;
  EXPECT_EQ(request.text, "new passport");
  EXPECT_EQ(request.k, 50U);
  EXPECT_EQ(request.types, std::vector<std::string>{"md"});
  EXPECT_EQ(request.mode, engine::QueryMode::kLexical);

  arguments.k = 3;
  arguments.types = {".pdf"};
  arguments.mode = "semantic";
  arguments.after = "2026-01-01";
  arguments.no_fold = true;
  arguments.names_only = true;
  request = {};
  ASSERT_TRUE(search_request(arguments, request, problem)) << problem;
  EXPECT_EQ(request.k, 3U);
  EXPECT_EQ(request.types, std::vector<std::string>{"pdf"});
  EXPECT_EQ(request.mode, engine::QueryMode::kSemantic);
  EXPECT_EQ(request.after, 1767225600);
  EXPECT_FALSE(request.fold_duplicates);
  EXPECT_EQ(request.text_bytes, 0U);
}

TEST(SearchRequestTest, WhatDoesNotFitIsTold) {
  const auto problem_of = [](const char* query, const char* mode, const char* after) {
    SearchArguments arguments;
    arguments.query = query;
    arguments.mode = mode;
    arguments.after = after;
    engine::QueryRequest request;
    std::string problem;
    EXPECT_FALSE(search_request(arguments, request, problem)) << query;
    return problem;
  };
  EXPECT_TRUE(problem_of("a k:0", "", "").starts_with("k: must be"));
  EXPECT_FALSE(problem_of("type:md", "", "").empty());
  EXPECT_TRUE(problem_of("a", "fuzzy", "").starts_with("--mode"));
  EXPECT_TRUE(problem_of("a", "", "soon").starts_with("--after"));
}

}  // namespace
}  // namespace vexfs::cli
