// Tests of questions: their terms, and what an embedder makes of them.
#include "engine/search/text_question.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "engine/search/testing/text_world.h"

namespace vexfs::engine {
namespace {

using Terms = std::vector<std::string>;

TEST(TextQuestionTest, TermsAreThoseThatTell) {
  EXPECT_EQ(terms_of_query("How do I renew a passport?"), (Terms{"renew", "passport"}));
  EXPECT_EQ(terms_of_query("to be or not to be"), (Terms{"to", "be", "or", "not"}));
  EXPECT_EQ(terms_of_query("visa Visa VISA"), Terms{"visa"});
  EXPECT_TRUE(terms_of_query("?!").empty());
  std::string many;
  for (size_t i = 0; i < 2 * limits::kQueryTermsMax; ++i) many += "w" + std::to_string(i) + " ";
  EXPECT_EQ(terms_of_query(many).size(), limits::kQueryTermsMax);
}

TEST(TextQuestionTest, PathsHaveAPartOfThem) {
  const Terms terms = {"renew", "passport"};
  EXPECT_EQ(part_of_terms(terms, "travel/Passport.md"), 0.5F);
  EXPECT_EQ(part_of_terms(terms, "renew-passport/passport.md"), 1);
  EXPECT_EQ(part_of_terms(terms, "passports"), 0);
  EXPECT_EQ(part_of_terms({}, "passport"), 0);
}

TEST(TextQuestionTest, ModesTakeWhatTheyNeed) {
  const WordEmbedder embedder;
  const auto both = question_of("a passport", QueryMode::kHybrid, embedder).value();
  EXPECT_EQ(both.vector.size(), WordEmbedder::kDim);
  EXPECT_EQ(both.terms, Terms{"passport"});
  const auto meaning = question_of("a passport", QueryMode::kSemantic, embedder).value();
  EXPECT_EQ(meaning.vector, both.vector);
  EXPECT_TRUE(meaning.terms.empty());
  const auto words = question_of("a passport", QueryMode::kLexical, embedder).value();
  EXPECT_TRUE(words.vector.empty());
  EXPECT_EQ(words.terms, both.terms);
  EXPECT_TRUE(question_of("?", QueryMode::kHybrid, embedder).value().vector.empty());
}

TEST(TextQuestionTest, OnlyHybridDoesWithoutAnEmbedder) {
  WordEmbedder embedder;
  for (const int failure : {EAGAIN, EACCES, EPROTO}) {
    embedder.failure = failure;
    const auto question = question_of("visa", QueryMode::kHybrid, embedder);
    ASSERT_TRUE(question.ok());
    EXPECT_FALSE(question.value().embedded);
    EXPECT_TRUE(question.value().vector.empty());
    EXPECT_EQ(question_of("visa", QueryMode::kSemantic, embedder).error(), failure);
    EXPECT_TRUE(question_of("visa", QueryMode::kLexical, embedder).ok());
  }
  embedder.failure = ENOMEM;
  EXPECT_EQ(question_of("visa", QueryMode::kHybrid, embedder).error(), ENOMEM);
}

}  // namespace
}  // namespace vexfs::engine
