// A model test of searches by text. After each random change of a tree, every caller must get what
// the formulas give for all passages that the caller may see.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/search/testing/text_world.h"

namespace vexfs::engine {
namespace {

constexpr int kTextSteps = 60;
constexpr double kRounding = 2e-3;

struct Document {
  std::string path;
  std::string directory;  // "" or the name of one below the source.
  std::vector<std::vector<std::string>> passages;
};

class TextModelTest : public testing::TestWithParam<unsigned> {
 protected:
  TextModelTest() : random_(GetParam()) {
    world_.directory("open");
    world_.directory("alice", 0700, SearchWorld::kAlice);
    world_.directory("bob", 0700, SearchWorld::kBob);
  }

  size_t below(size_t bound) {
    return std::uniform_int_distribution<size_t>(0, bound - 1)(random_);
  }
  std::string word() { return "word" + std::to_string(std::min(below(15), below(15))); }
  std::string some_directory() {
    constexpr const char* kDirectories[] = {"", "open", "alice", "bob"};
    return kDirectories[below(4)];
  }
  std::string new_path(const std::string& directory) {
    return (directory.empty() ? "" : directory + "/") + "n" + std::to_string(next_name_++);
  }
  static std::string text_of(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
  }
  void write(Document& document) {
    document.passages.assign(1 + below(3), {});
    std::vector<std::string> texts;
    for (std::vector<std::string>& words : document.passages) {
      words.resize(1 + below(9));
      for (std::string& one : words) one = word();
      texts.push_back(text_of(words));
    }
    world_.index(document.path, texts);
  }
  void add() {
    Document& document = documents_.emplace_back();
    document.directory = some_directory();
    document.path = new_path(document.directory);
    world_.file(document.path, {});
    write(document);
  }
  void change() {
    if (documents_.size() < 25) return add();
    Document& document = documents_[below(documents_.size())];
    switch (below(4)) {
      case 0:
        return add();
      case 1:
        return write(document);
      case 2: {
        const std::string from = document.path;
        document.directory = some_directory();
        document.path = new_path(document.directory);
        return world_.rename(from, document.path);
      }
      default:
        world_.forget_words(document.path);
        world_.unlink(document.path);
        std::swap(document, documents_.back());
        documents_.pop_back();
    }
  }

  std::vector<float> vector_of(const std::string& text) {
    std::vector<float> vector(WordEmbedder::kDim);
    const std::string_view view = text;
    EXPECT_TRUE(world_.embedder().embed(std::span(&view, 1), vector).ok());
    return vector;
  }
  static bool sees(const tree::Credentials& caller, const Document& document) {
    if (caller.uid == 0 || document.directory.empty() || document.directory == "open") return true;
    return caller.uid == (document.directory == "alice" ? SearchWorld::kAlice : SearchWorld::kBob);
  }

  // The scores of all files that the caller may find, by path.
  std::map<std::string, double> expected(const tree::Credentials& caller, const std::string& scope,
                                         const std::vector<std::string>& asked, QueryMode mode) {
    std::vector<const Document*> seen;
    double passages = 0;
    double length = 0;
    for (const Document& document : documents_) {
      if (!sees(caller, document) || (!scope.empty() && document.directory != scope)) continue;
      seen.push_back(&document);
      passages += static_cast<double>(document.passages.size());
      for (const auto& words : document.passages) length += static_cast<double>(words.size());
    }
    const double mean = std::max(1.0, length / std::max(1.0, passages));
    std::map<const Document*, std::pair<double, double>> measures;  // Cosine, BM25.
    const std::vector<float> question = vector_of(text_of(asked));
    std::map<std::string, double> idf;
    double bound = 0;
    for (const std::string& term : std::set<std::string>(asked.begin(), asked.end())) {
      double docs = 0;
      for (const Document* const document : seen) {
        for (const auto& words : document->passages) {
          docs += std::count(words.begin(), words.end(), term) > 0 ? 1 : 0;
        }
      }
      idf[term] = std::log(1 + (passages - docs + 0.5) / (docs + 0.5));
      bound += 2.2 * idf[term];
    }
    for (const Document* const document : seen) {
      for (const auto& words : document->passages) {
        const std::vector<float> vector = vector_of(text_of(words));
        double cosine = 0;
        for (size_t d = 0; d < vector.size(); ++d) cosine += double{question[d]} * vector[d];
        double bm25 = 0;
        for (const auto& [term, rarity] : idf) {
          const auto count = static_cast<double>(std::count(words.begin(), words.end(), term));
          const double norm = 1.2 * (0.25 + 0.75 * static_cast<double>(words.size()) / mean);
          if (count > 0) bm25 += rarity * count * 2.2 / (count + norm);
        }
        auto& best = measures[document];
        best = {std::max(best.first, cosine), std::max(best.second, bm25)};
      }
    }
    double best_cosine = 0;
    double best_bm25 = 0;
    for (const auto& [document, both] : measures) {
      best_cosine = std::max(best_cosine, both.first);
      best_bm25 = std::max(best_bm25, both.second);
    }
    std::map<std::string, double> scores;
    for (const auto& [document, both] : measures) {
      const double words = best_bm25 > 0 ? both.second / best_bm25 : 0;
      const std::string path =
          scope.empty() ? document->path : document->path.substr(scope.size() + 1);
      if (mode == QueryMode::kSemantic) scores[path] = both.first;
      if (mode == QueryMode::kLexical && words > 0) scores[path] = words;
      if (mode == QueryMode::kHybrid) {
        const double weight = FusionOptions{}.semantic_weight;
        const double meaning = weight * both.first / best_cosine;
        const double weight_of_words = best_bm25 / bound;
        scores[path] = (weight_of_words * words + meaning) / (weight_of_words + weight);
      }
    }
    return scores;
  }

  void expect_best(const QueryResult& result, std::map<std::string, double> scores, uint32_t k) {
    ASSERT_EQ(result.hits.size(), std::min<size_t>(k, scores.size()));
    double last = 2;
    for (const Hit& hit : result.hits) {
      ASSERT_TRUE(scores.contains(hit.path)) << hit.path;
      EXPECT_NEAR(hit.score, scores[hit.path], kRounding) << hit.path;
      EXPECT_LE(hit.score, last + 1e-6);
      last = hit.score;
      scores.erase(hit.path);
    }
    for (const auto& [path, score] : scores) EXPECT_LE(score, last + kRounding) << path;
  }

  TextWorld world_;
  std::mt19937 random_;
  int next_name_ = 0;
  std::vector<Document> documents_;
};

TEST_P(TextModelTest, AnswersAreThoseOfAllThatACallerSees) {
  constexpr QueryMode kModes[] = {QueryMode::kHybrid, QueryMode::kSemantic, QueryMode::kLexical};
  for (int step = 0; step < kTextSteps && !HasFailure(); ++step) {
    change();
    std::vector<std::string> asked(1 + below(3));
    for (std::string& one : asked) one = word();
    const std::string text = text_of(asked);
    const QueryMode mode = kModes[below(3)];
    Query query = about(text, mode, static_cast<uint32_t>(1 + below(30)));
    query.fold_duplicates = false;
    const std::string scope = below(2) == 0 ? "" : "open";
    for (const tree::Credentials& caller :
         {SearchWorld::root(), SearchWorld::alice(), SearchWorld::bob()}) {
      SCOPED_TRACE("step " + std::to_string(step) + ", caller " + std::to_string(caller.uid) +
                   ", text " + text + ", mode " + std::to_string(static_cast<int>(mode)));
      expect_best(world_.search(caller, query, scope), expected(caller, scope, asked, mode),
                  query.k);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TextModelTest, testing::Values(1, 2, 3));

}  // namespace
}  // namespace vexfs::engine
