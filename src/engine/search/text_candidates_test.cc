// Tests of candidates: each half measures what the other one found, and says when there is more.
#include "engine/search/text_candidates.h"

#include <gtest/gtest.h>

#include <map>

#include "engine/search/testing/text_world.h"

namespace vexfs::engine {
namespace {

class TextCandidatesTest : public testing::Test {
 protected:
  TextCandidates candidates(const std::string& text, QueryMode mode = QueryMode::kHybrid) {
    question_ = question_of(text, mode, world_.embedder()).value();
    space_ = world_.searchable().space;
    return TextCandidates({world_.storage(), space_, world_.lexical(), question_});
  }

  TextWorld world_;
  TextQuestion question_;
  VectorStorageManager::OpenSpace space_;
};

TEST_F(TextCandidatesTest, MeasuresAreExactWhoeverFoundThem) {
  for (int i = 0; i < 40; ++i) {
    world_.document(std::to_string(i), {"w" + std::to_string(i) + " alpha", "beta v"});
  }
  TextCandidates all = candidates("alpha beta w3");
  ASSERT_TRUE(all.gather(500, nullptr, nullptr).ok());
  EXPECT_TRUE(all.exhausted());
  EXPECT_EQ(all.all().size(), 80U);
  std::map<Slot, TextMatch> wanted;
  for (const TextCandidate& candidate : all.all()) wanted[candidate.slot] = candidate.match;

  TextCandidates few = candidates("alpha beta w3");
  ASSERT_TRUE(few.gather(5, nullptr, nullptr).ok());
  EXPECT_FALSE(few.exhausted());
  EXPECT_TRUE(few.cut());
  EXPECT_GE(few.all().size(), 5U);
  EXPECT_LE(few.all().size(), 10U);
  for (const TextCandidate& candidate : few.all()) {
    EXPECT_EQ(candidate.match.cosine, wanted[candidate.slot].cosine);
    EXPECT_EQ(candidate.match.bm25, wanted[candidate.slot].bm25);
    EXPECT_TRUE(few.has(candidate.slot));
  }
  const size_t before = few.all().size();
  ASSERT_TRUE(few.gather(10, nullptr, nullptr).ok());
  EXPECT_GT(few.all().size(), before) << "they add up";
  few.clear();
  EXPECT_TRUE(few.all().empty());
}

TEST_F(TextCandidatesTest, FindsAmongSomeSlotsOnly) {
  for (int i = 0; i < 10; ++i) world_.document(std::to_string(i), {"alpha"});
  SlotBitmap found;
  found.add(world_.slots_of("3").front());
  TextCandidates some = candidates("alpha");
  ASSERT_TRUE(some.gather(5, &found, nullptr).ok());
  ASSERT_EQ(some.all().size(), 1U);
  EXPECT_EQ(some.all()[0].slot, world_.slots_of("3").front());
  TextCandidates none = candidates("alpha");
  const SlotBitmap empty;
  ASSERT_TRUE(none.gather(5, &empty, &empty).ok());
  EXPECT_TRUE(none.all().empty());
  EXPECT_TRUE(none.exhausted());
}

// The lexical index may name a slot that nothing owns any more.
TEST_F(TextCandidatesTest, PassesOverWhatIsGone) {
  world_.document("a", {"alpha"});
  ASSERT_TRUE(
      world_.lexical()
          .put(Slot{1000}, std::vector<lexical::TermCount>{{.term = "alpha", .count = 1}}, 1)
          .ok());
  for (const QueryMode mode : {QueryMode::kHybrid, QueryMode::kLexical}) {
    TextCandidates found = candidates("alpha", mode);
    ASSERT_TRUE(found.gather(5, nullptr, nullptr).ok());
    EXPECT_EQ(found.all().size(), 1U);
  }
}

}  // namespace
}  // namespace vexfs::engine
