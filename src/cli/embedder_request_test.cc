// What the options of an embedder become as a request, and which of them are refused.
#include "cli/embedder_request.h"

#include <gtest/gtest.h>

namespace vexfs::cli {
namespace {

std::string asked(const EmbedderArguments& arguments) {
  std::string request;
  std::string problem;
  EXPECT_TRUE(embedder_request(arguments, request, problem)) << problem;
  return request;
}

bool is_refused(const EmbedderArguments& arguments) {
  std::string request;
  std::string problem;
  const bool refused = !embedder_request(arguments, request, problem);
  EXPECT_EQ(refused, !problem.empty());
  return refused;
}

TEST(EmbedderRequestTest, SaysWhatIsAskedFor) {
  EXPECT_EQ(asked({}), "");
  EXPECT_EQ(asked({.where = "builtin"}), R"({"embedder":{}})");
  EXPECT_EQ(asked({.where = "http://h", .model = "m"}),
            R"({"embedder":{"url":"http://h","model":"m"}})");
  EXPECT_EQ(asked({.where = "https://h/v1", .model = "a \"b\"", .key_file = "/", .dim = 384}),
            R"({"embedder":{"url":"https://h/v1","model":"a \"b\"","key_file":"/","dim":384}})");
}

TEST(EmbedderRequestTest, RefusesWhatCannotBe) {
  EXPECT_TRUE(is_refused({.where = "builtin", .model = "m"}));
  EXPECT_TRUE(is_refused({.where = "builtin", .dim = 256}));
  EXPECT_TRUE(is_refused({.where = "ftp://h", .model = "m"}));
  EXPECT_TRUE(is_refused({.where = "http://h"}));
  EXPECT_TRUE(is_refused({.where = "http://h", .model = "m", .key_file = "/no/such/file"}));
}

}  // namespace
}  // namespace vexfs::cli
