// Tests of typed queries: what is a qualifier, what is text, and what is refused.
#include "engine/query/query_text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace vexfs::engine {
namespace {

Query parsed_typed(const std::string& typed) {
  auto request = parse_query_text(typed);
  if (request.ok()) return std::move(request).value();
  ADD_FAILURE() << typed << ": " << request.failure().message;
  return {};
}

std::string refused_typed(const std::string& typed) {
  const auto request = parse_query_text(typed);
  EXPECT_EQ(request.error(), EINVAL) << typed;
  return request.ok() ? "" : request.failure().message;
}

TEST(QueryTextTest, WordsAreText) {
  for (const auto& [typed, text] : {
           std::pair{"renew a passport", "renew a passport"},
           std::pair{"  two\t words\n", "two words"},
           std::pair{"std::vector note: 12:30 http://x", "std::vector note: 12:30 http://x"},
           std::pair{"k: type: :md K:5", "k: type: :md K:5"},
           std::pair{"\"k:5\" \"type\":md", "k:5 type:md"},
           std::pair{"say \"two  words\"", "say two  words"},
           std::pair{"5\" disk", "5\" disk"},
           std::pair{"a\"b\"c", "abc"},
           std::pair{"x \"\"", "x"},
       }) {
    const Query request = parsed_typed(typed);
    EXPECT_EQ(request.text, text);
    EXPECT_EQ(request.k, limits::kHitsDefault);
    EXPECT_TRUE(request.types.empty());
  }
}

TEST(QueryTextTest, QualifiersAreTaken) {
  const Query request = parsed_typed(
      "k:50 visa type:md,txt rules after:2026-01-31 type:pdf path:\"old travel\" space:text "
      "mode:lexical fusion:rrf recency:30 fold:no");
  EXPECT_EQ(request.text, "visa rules");
  EXPECT_EQ(request.k, 50U);
  EXPECT_EQ(request.types, (std::vector<std::string>{"md", "txt", "pdf"}));
  EXPECT_EQ(request.after, 1769817600);
  EXPECT_EQ(request.path, "old travel");
  EXPECT_EQ(request.space, "text");
  EXPECT_EQ(request.mode, QueryMode::kLexical);
  EXPECT_EQ(request.fusion.kind, FusionOptions::Kind::kReciprocalRank);
  EXPECT_EQ(request.fusion.recency_days, 30);
  EXPECT_FALSE(request.fold_duplicates);
  EXPECT_FALSE(parsed_typed("a").mode.has_value());
}

TEST(QueryTextTest, SaysWhatIsWrong) {
  for (const auto& [typed, message] : {
           std::pair{"", "the query has no words"},
           std::pair{" \"\" type:md", "the query has no words"},
           std::pair{"\"  \"", "the query has no words"},
           std::pair{"a k:0", "k: must be from 1 to 1000"},
           std::pair{"a k:many", "k: must be from 1 to 1000"},
           std::pair{"a k:1 k:2", "k: is given twice"},
           std::pair{"a type:.md",
                     "type: must be the end of names without the dot, as type:md or type:md,txt"},
           std::pair{"a type:md,",
                     "type: must be the end of names without the dot, as type:md or type:md,txt"},
           std::pair{"a after:today", "after: must be a date, as after:2026-01-31"},
           std::pair{"a mode:fast", "mode: must be hybrid, semantic or lexical"},
           std::pair{"a fusion:max", "fusion: must be weighted or rrf"},
           std::pair{"a recency:-1",
                     "recency: must be days from 0 to 3650 after which half of a score is gone"},
           std::pair{"a fold:1", "fold: must be yes or no"},
           std::pair{"a type:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
                     "type: must be at most 16 ends"},
       }) {
    EXPECT_EQ(refused_typed(typed), message);
  }
  EXPECT_EQ(refused_typed(std::string(limits::kQueryWordBytesMax + 1, 'a')),
            "a query has at most 4096 bytes");
  EXPECT_EQ(refused_typed(std::string("a\0b", 3)), "a query has no zero bytes");
  EXPECT_EQ(parsed_typed(std::string(limits::kQueryWordBytesMax, 'a')).text.size(),
            limits::kQueryWordBytesMax);
}

}  // namespace
}  // namespace vexfs::engine
