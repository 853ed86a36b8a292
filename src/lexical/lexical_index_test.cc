// The index is compared with BM25 computed from its definition, through puts, removals, merges and
// threads.
#include "lexical/lexical_index.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "base/limits.h"

namespace vexfs::lexical {
namespace {

using Words = std::map<std::string, uint32_t>;

// What the index must answer, computed by going through all passages.
class Model {
 public:
  void put(uint32_t slot, const Words& words) { passages_[slot] = words; }
  void remove(uint32_t slot) { passages_.erase(slot); }
  size_t size() const { return passages_.size(); }

  std::map<uint32_t, float> scores(const std::vector<std::string>& terms) const {
    double total = 0;
    for (const auto& [slot, words] : passages_) total += length(words);
    const double mean = std::max(1.0, total / static_cast<double>(passages_.size()));
    std::map<uint32_t, float> found;
    for (const std::string& term : std::set<std::string>(terms.begin(), terms.end())) {
      double docs = 0;
      for (const auto& [slot, words] : passages_) docs += static_cast<double>(words.count(term));
      const double n = static_cast<double>(passages_.size());
      const double idf = std::log(1 + (n - docs + 0.5) / (docs + 0.5));
      for (const auto& [slot, words] : passages_) {
        const auto word = words.find(term);
        if (word == words.end()) continue;
        const double count = word->second;
        const double norm = 1.2 * (0.25 + 0.75 * length(words) / mean);
        found[slot] += static_cast<float>(idf * count * 2.2 / (count + norm));
      }
    }
    return found;
  }

  static uint32_t length(const Words& words) {
    uint32_t sum = 0;
    for (const auto& [word, count] : words) sum += count;
    return sum;
  }

 private:
  std::map<uint32_t, Words> passages_;
};

Status put(LexicalIndex& index, uint32_t slot, const Words& words) {
  std::vector<TermCount> terms;
  for (const auto& [word, count] : words) terms.push_back({word, count});
  return index.put(Slot{slot}, terms, Model::length(words));
}

void merge(LexicalIndex& index) {
  const auto image = index.merged();
  ASSERT_TRUE(image.ok());
  auto* copy = new std::vector<uint64_t>((image.value().size() + 7) / 8 + 1);
  std::memcpy(copy->data(), image.value().data(), image.value().size());
  ASSERT_TRUE(index
                  .adopt(std::as_bytes(std::span(*copy)).first(image.value().size()),
                         [copy] { delete copy; })
                  .ok());
  EXPECT_EQ(index.changed_bytes(), 0U);
}

void expect_same(const LexicalIndex& index, const Model& model,
                 const std::vector<std::string>& terms) {
  const auto expected = model.scores(terms);
  const auto found = index.search({.terms = terms, .most = 10000});
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    const auto wanted = expected.find(static_cast<uint32_t>(found[i].slot));
    ASSERT_NE(wanted, expected.end());
    EXPECT_NEAR(found[i].score, wanted->second, 1e-3F * (1 + wanted->second));
    EXPECT_GE(found[i == 0 ? 0 : i - 1].score, found[i].score);
  }
}

TEST(LexicalIndexTest, RareWordsWeighMore) {
  LexicalIndex index;
  for (uint32_t slot = 0; slot < 20; ++slot) {
    ASSERT_TRUE(put(index, slot, {{"file", 1}, {slot == 7 ? "passport" : "other", 1}}).ok());
  }
  const std::vector<std::string> terms = {"file", "passport"};
  const auto found = index.search({.terms = terms, .most = 3});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].slot, Slot{7});
  EXPECT_EQ(found[1].slot, Slot{0}) << "ties by slot";
  const std::vector<std::string> absent = {"absent"};
  EXPECT_TRUE(index.search({.terms = absent, .most = 3}).empty());
}

TEST(LexicalIndexTest, EqualsTheModelThroughEveryChange) {
  std::mt19937 random(5);
  LexicalIndex index;
  Model model;
  const auto word = [&] { return "w" + std::to_string(std::min(random() % 40, random() % 40)); };
  for (int step = 0; step < 1500; ++step) {
    const uint32_t slot = static_cast<uint32_t>(random() % 120);
    if (random() % 4 == 0) {
      index.remove(Slot{slot});
      model.remove(slot);
    } else {
      Words words;
      for (size_t i = random() % 12; i > 0; --i) ++words[word()];
      ASSERT_TRUE(put(index, slot, words).ok());
      model.put(slot, words);
    }
    if (step % 250 == 249) merge(index);
    if (step % 25 == 0 && model.size() > 0) {
      ASSERT_EQ(index.size(), model.size());
      expect_same(index, model, {word(), word(), word()});
    }
  }
}

TEST(LexicalIndexTest, FindsOnlyWhatMayBeFound) {
  LexicalIndex index;
  for (uint32_t slot = 0; slot < 100; ++slot) ASSERT_TRUE(put(index, slot, {{"a", 1 + slot}}).ok());
  uint64_t words[2] = {};
  for (uint32_t slot = 0; slot < 100; slot += 10) words[slot / 64] |= uint64_t{1} << slot % 64;
  const std::vector<std::string> terms = {"a"};
  const auto found = index.search({.terms = terms, .most = 5, .found = {words, 100}});
  ASSERT_EQ(found.size(), 5U);
  for (const Match& match : found) EXPECT_EQ(static_cast<uint32_t>(match.slot) % 10, 0U);
  EXPECT_EQ(index.search({.terms = terms, .most = 200, .found = {words, 85}}).size(), 9U);
}

TEST(LexicalIndexTest, ScoresOthersThatAreAsked) {
  LexicalIndex index;
  for (uint32_t slot = 0; slot < 10; ++slot) ASSERT_TRUE(put(index, slot, {{"a", 1 + slot}}).ok());
  ASSERT_TRUE(put(index, 20, {{"b", 1}}).ok());
  const std::vector<std::string> terms = {"a"};
  const std::vector<Slot> others = {Slot{3}, Slot{20}, Slot{9}, Slot{15}, Slot{5000}};
  std::vector<float> scores(others.size(), -1);
  const auto best = index.search({.terms = terms, .most = 1}, others, scores);
  ASSERT_EQ(best.size(), 1U);
  EXPECT_GT(scores[0], 0);
  EXPECT_EQ(scores[1], 0);
  EXPECT_EQ(scores[2], best[0].score);
  EXPECT_EQ(index.slots_with(terms, {}).size(), 10U);
  const uint64_t few = 0x108;
  EXPECT_EQ(index.slots_with(terms, {&few, 21}), (std::vector<Slot>{Slot{3}, Slot{8}}));
  EXPECT_EQ(scores[3], 0);
  EXPECT_EQ(scores[4], 0);
}

// Commoner terms are skipped where they cannot matter. That must not change the answer.
TEST(LexicalIndexTest, TheBestAreThoseOfALongerList) {
  std::mt19937 random(3);
  LexicalIndex index;
  for (uint32_t slot = 0; slot < 3000; ++slot) {
    Words words = {{"all", 1 + static_cast<uint32_t>(random() % 3)}};
    if (random() % 2 == 0) words["half"] = 1 + static_cast<uint32_t>(random() % 2);
    if (random() % 40 == 0) words["few"] = 1;
    if (random() % 400 == 0) words["rare"] = 1;
    for (size_t i = random() % 20; i > 0; --i) ++words["w" + std::to_string(random() % 500)];
    ASSERT_TRUE(put(index, slot, words).ok());
  }
  const std::vector<std::string> terms = {"all", "rare", "half", "few", "w7"};
  const auto all = index.search({.terms = terms, .most = 5000});
  ASSERT_EQ(all.size(), 3000U);
  const std::vector<Slot> others = {all[2999].slot, all[50].slot, all[0].slot};
  std::vector<float> scores(3);
  for (const uint32_t most : {1U, 7U, 60U, 500U}) {
    const auto best = index.search({.terms = terms, .most = most}, others, scores);
    ASSERT_EQ(best.size(), most);
    for (uint32_t i = 0; i < most; ++i) {
      EXPECT_EQ(best[i].slot, all[i].slot);
      EXPECT_EQ(best[i].score, all[i].score);
    }
    EXPECT_EQ(scores, (std::vector<float>{all[2999].score, all[50].score, all[0].score}));
  }
}

// A caller who may see some of the passages gets the scores of an index that has only those.
TEST(LexicalIndexTest, ScoresTellNothingOfWhatDoesNotCount) {
  std::mt19937 random(9);
  LexicalIndex all;
  LexicalIndex seen;
  uint64_t words[4] = {};
  for (uint32_t slot = 0; slot < 250; ++slot) {
    Words passage;
    for (size_t i = 1 + random() % 12; i > 0; --i) ++passage["w" + std::to_string(random() % 20)];
    ASSERT_TRUE(put(all, slot, passage).ok());
    if (random() % 3 != 0) continue;
    words[slot / 64] |= uint64_t{1} << slot % 64;
    ASSERT_TRUE(put(seen, slot, passage).ok());
  }
  for (const bool merged : {false, true}) {
    if (merged) merge(all);
    for (uint32_t word = 0; word < 20; ++word) {
      const std::vector<std::string> terms = {"w" + std::to_string(word), "w3"};
      const SlotSet set = {words, 250};
      const auto found = all.search({.terms = terms, .most = 300, .found = set, .counted = set});
      const auto wanted = seen.search({.terms = terms, .most = 300});
      ASSERT_EQ(found.size(), wanted.size());
      for (size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].slot, wanted[i].slot);
        EXPECT_EQ(found[i].score, wanted[i].score);
      }
    }
  }
}

TEST(LexicalIndexTest, RefusesImagesThatAreNone) {
  LexicalIndex index;
  ASSERT_TRUE(put(index, 1, {{"a", 1}}).ok());
  alignas(8) const char nonsense[64] = "nonsense";
  bool released = false;
  EXPECT_EQ(index.adopt(std::as_bytes(std::span(nonsense)), [&] { released = true; }).error(),
            EUCLEAN);
  EXPECT_TRUE(released);
  EXPECT_EQ(index.size(), 1U) << "what was there stays";
  EXPECT_EQ(put(index, limits::kSlotsMax, {{"a", 1}}).error(), EINVAL);
}

TEST(LexicalIndexTest, SearchesRunBesideTheWriter) {
  LexicalIndex index;
  std::atomic<bool> ended = false;
  std::thread searcher([&] {
    const std::vector<std::string> terms = {"even", "odd"};
    while (!ended) {
      for (const Match& match : index.search({.terms = terms, .most = 50}))
        EXPECT_GT(match.score, 0);
    }
  });
  for (uint32_t round = 0; round < 20; ++round) {
    for (uint32_t slot = 0; slot < 50; ++slot) {
      ASSERT_TRUE(put(index, slot, {{slot % 2 == 0 ? "even" : "odd", 1 + round}}).ok());
    }
    merge(index);
  }
  ended = true;
  searcher.join();
  EXPECT_EQ(index.size(), 50U);
}

TEST(LexicalIndexTest, NoPassageReachesTheBound) {
  LexicalIndex index;
  ASSERT_TRUE(put(index, 1, {{"a", 1000}}).ok());
  ASSERT_TRUE(put(index, 2, {{"b", 1}}).ok());
  const std::vector<std::string> terms = {"a", "a", "unknown"};
  float bound = -1;
  const std::vector<Match> found = index.search({.terms = terms, .most = 5}, {}, {}, &bound);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_LT(found[0].score, bound);
  // idf x (k1 + 1), of each term once.
  EXPECT_NEAR(bound, 2.2 * (std::log(1 + 1.5 / 1.5) + std::log(1 + 2.5 / 0.5)), 1e-5);
  EXPECT_TRUE(LexicalIndex().search({.terms = terms, .most = 5}, {}, {}, &bound).empty());
  EXPECT_EQ(bound, 0);
}

}  // namespace
}  // namespace vexfs::lexical
