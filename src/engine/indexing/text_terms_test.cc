// Terms are counted once each, whatever their number.
#include "engine/indexing/text_terms.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

std::map<std::string, uint32_t> counts(const PassageTerms& terms) {
  std::map<std::string, uint32_t> all;
  for (const lexical::TermCount& term : terms.terms) {
    EXPECT_TRUE(all.emplace(term.term, term.count).second) << term.term << " came twice";
  }
  return all;
}

TEST(TermCounterTest, CountsTheTextAndTheName) {
  TermCounter counter;
  const PassageTerms terms = counter.count("Apples and pears, apples!", "pears.txt");
  const auto all = counts(terms);
  EXPECT_EQ(all.at("apples"), 2U);
  EXPECT_EQ(all.at("pears"), 1 + limits::kNameTermWeight);
  EXPECT_EQ(all.at("txt"), limits::kNameTermWeight);
  EXPECT_EQ(terms.length, 4U);
}

TEST(TermCounterTest, GrowsAndForgets) {
  TermCounter counter;
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "w" + std::to_string(i % 10000) + " ";
  PassageTerms terms = counter.count(text, "");
  EXPECT_EQ(terms.length, 20000U);
  const PassageTerms moved = std::move(terms);
  const auto all = counts(moved);
  EXPECT_EQ(all.at("w9999"), 2U);
  EXPECT_EQ(counts(counter.count("one", "")).size(), 1U);
}

}  // namespace
}  // namespace vexfs::engine
