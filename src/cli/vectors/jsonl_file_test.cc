// jsonl: members in any order, what is refused and why, and bad lines between good ones.
#include "cli/vectors/jsonl_file.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "cli/vectors/testing/temporary_input.h"

namespace vexfs::cli {
namespace {

std::string problem_of(std::string_view line) {
  std::string path;
  std::vector<float> vector;
  const char* problem = nullptr;
  const bool parsed = parse_jsonl_line(line, path, vector, problem);
  EXPECT_EQ(parsed, *problem == '\0') << line;
  return problem;
}

TEST(JsonlFileTest, ReadsALine) {
  std::string path;
  std::vector<float> vector;
  const char* problem = nullptr;
  ASSERT_TRUE(parse_jsonl_line(R"({"id":[{"path":"no","vector":1}],"vector":[1,-2.5,3e-1],)"
                               R"("path":"a/\u00e4 \"b\"","more":null})",
                               path, vector, problem));
  EXPECT_EQ(path, "a/ä \"b\"");
  EXPECT_EQ(vector, (std::vector<float>{1, -2.5, 0.3F}));
}

TEST(JsonlFileTest, RefusesWithASentence) {
  EXPECT_EQ(problem_of("{"), "this is not JSON");
  EXPECT_EQ(problem_of("{}x"), "this is not JSON");
  EXPECT_EQ(problem_of("{\"path\":\"\xff\",\"vector\":[1]}"), "this is not JSON");
  EXPECT_EQ(problem_of("[1]"), "this is not a JSON object");
  EXPECT_EQ(problem_of("1"), "this is not a JSON object");
  EXPECT_EQ(problem_of("{}"), "no \"path\" on this line");
  EXPECT_EQ(problem_of(R"({"path":"a"})"), "no \"vector\" on this line");
  EXPECT_EQ(problem_of(R"({"path":"","vector":[1]})"), "\"path\" is empty");
  EXPECT_EQ(problem_of(R"({"path":1,"vector":[1]})"), "\"path\" is not a string");
  EXPECT_EQ(problem_of(R"({"path":["a"],"vector":[1]})"), "\"path\" is not a string");
  EXPECT_EQ(problem_of(R"({"path":"a","path":"b","vector":[1]})"), "\"path\" stands there twice");
  EXPECT_EQ(problem_of(R"({"vector":[1],"vector":[1]})"), "\"vector\" stands there twice");
  EXPECT_EQ(problem_of(R"({"path":"a","vector":[]})"), "\"vector\" has no numbers");
  for (const char* value :
       {"1", "\"1\"", "null", "{\"a\":1}", "[\"1\"]", "[1,null]", "[[1]]", "[1,{\"b\":2}]"}) {
    EXPECT_EQ(problem_of(R"({"path":"a","vector":)" + std::string(value) + "}"),
              "\"vector\" is not an array of numbers");
  }
  EXPECT_EQ(problem_of(R"({"path":"a","vector":[1e39]})"),
            "a number of \"vector\" is out of range");
  EXPECT_EQ(problem_of(R"({"path":"a","vector":[1e999]})"), "this is not JSON");
}

TEST(JsonlFileTest, RefusesMoreThanAVectorMayHave) {
  std::string numbers = "0";
  for (uint32_t i = 1; i < limits::kDimMax; ++i) numbers += ",0";
  EXPECT_EQ(problem_of(R"({"path":"a","vector":[)" + numbers + "]}"), "");
  EXPECT_EQ(problem_of(R"({"path":"a","vector":[)" + numbers + ",0]}"),
            "\"vector\" has more than 4096 numbers");
  EXPECT_EQ(problem_of(R"({"path":")" + std::string(5000, 'a') + R"(","vector":[1]})"),
            "\"path\" is too long");
}

TEST(JsonlFileTest, DeepNestingIsNoDepthOfStack) {
  const std::string deep(100000, '[');
  EXPECT_EQ(problem_of(R"({"x":)" + deep), "this is not JSON");
}

TEST(JsonlFileTest, GoesOnAfterABadLine) {
  auto reader = JsonlReader::open(file_of("{\"path\":\"a\",\"vector\":[1]}\n\n  \nbad\n" +
                                          std::string(2 * limits::kVectorLineBytesMax, ' ') +
                                          "\n{\"path\":\"b\",\"vector\":[2]}"));
  ASSERT_TRUE(reader.ok());
  VectorRow row;
  ASSERT_EQ(reader.value()->next(row).value(), VectorReader::Next::kRow);
  EXPECT_EQ(row.path, "a");
  EXPECT_EQ(row.number, 1u);
  ASSERT_EQ(reader.value()->next(row).value(), VectorReader::Next::kBad);
  EXPECT_EQ(row.number, 4u);
  EXPECT_STREQ(reader.value()->problem(), "this is not JSON");
  ASSERT_EQ(reader.value()->next(row).value(), VectorReader::Next::kBad);
  EXPECT_EQ(row.number, 5u);
  ASSERT_EQ(reader.value()->next(row).value(), VectorReader::Next::kRow);
  EXPECT_EQ(row.path, "b");
  EXPECT_EQ(row.vector[0], 2);
  EXPECT_EQ(reader.value()->next(row).value(), VectorReader::Next::kEnd);
}

TEST(JsonlFileTest, WritesWhatItReads) {
  const std::vector<float> vector = {0.1F, -3.4028235e38F, 1e-45F, 0, 16777216};
  std::string line;
  append_jsonl_line("a \"b\"\n\\c", vector, line);
  ASSERT_TRUE(line.ends_with("}\n"));
  std::string path;
  std::vector<float> read;
  const char* problem = nullptr;
  ASSERT_TRUE(parse_jsonl_line(line, path, read, problem)) << problem;
  EXPECT_EQ(path, "a \"b\"\n\\c");
  EXPECT_EQ(read, vector);
}

}  // namespace
}  // namespace vexfs::cli
