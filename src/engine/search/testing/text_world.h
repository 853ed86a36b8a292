// TextWorld: a small tree whose files have passages and an engine that searches them, for tests.
#ifndef VEXFS_ENGINE_SEARCH_TESTING_TEXT_WORLD_H_
#define VEXFS_ENGINE_SEARCH_TESTING_TEXT_WORLD_H_

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/indexing/searchable_text.h"
#include "engine/search/testing/search_world.h"
#include "lexical/lexical_index.h"
#include "text/lexical_terms.h"

namespace vexfs::engine {

// An embedder that gives each word a direction; the vector of a text is the sum of its words.
class WordEmbedder final : public text::Embedder {
 public:
  static constexpr uint32_t kDim = 16;

  std::string name() const override { return "words"; }
  uint32_t dim() const override { return kDim; }
  uint64_t fingerprint() const override { return 1; }
  text::PassageOptions passage_options() const override { return {}; }
  size_t batch_max() const override { return 16; }
  Status embed(std::span<const std::string_view> texts, std::span<float> vectors) const override {
    if (failure != 0) return Status(failure, "embedder");
    std::fill(vectors.begin(), vectors.end(), 0.0F);
    for (size_t i = 0; i < texts.size(); ++i) {
      const auto row = vectors.subspan(i * kDim, kDim);
      text::lexical_terms(texts[i], text::TermsFor::kQuery, [&](const text::LexicalTerm& term) {
        const size_t hash = std::hash<std::string_view>{}(term.term);
        for (size_t d = 0; d < kDim; ++d) row[d] += static_cast<float>(hash >> d * 3 & 7);
        return true;
      });
      float sum = 0;
      for (const float x : row) sum += x * x;
      if (sum == 0) continue;
      for (float& x : row) x /= std::sqrt(sum);
    }
    return {};
  }

  int failure = 0;  // The errno that every call answers.
};

class TextWorld : public SearchWorld {
 public:
  explicit TextWorld(const EngineOptions& options = {}) : SearchWorld(options) {
    SpaceParameters parameters;
    parameters.dim = WordEmbedder::kDim;
    parameters.metric = Metric::kCosine;
    EXPECT_TRUE(storage().create_space(kTextSpace, parameters).ok());
    engine().use_text([this](bool) -> Result<SearchableText> { return searchable(); });
  }

  // Makes a file with these passages, one on each line.
  void document(const std::string& path, const std::vector<std::string>& passages,
                mode_t mode = 0644, uid_t owner = 0) {
    file(path, {}, mode, owner);
    index(path, passages);
  }
  // Replaces the passages of a file.
  void index(const std::string& path, const std::vector<std::string>& passages) {
    std::vector<float> vectors(passages.size() * WordEmbedder::kDim);
    const std::vector<std::string_view> texts(passages.begin(), passages.end());
    EXPECT_TRUE(embedder_.embed(texts, vectors).ok());
    forget_words(path);
    set(path, vectors, kTextSpace);
    const std::vector<Slot> slots = slots_of(path);
    EXPECT_EQ(slots.size(), passages.size());
    for (size_t i = 0; i < slots.size(); ++i) {
      std::map<std::string, uint32_t> counts;
      uint32_t length = 0;
      text::lexical_terms(passages[i], text::TermsFor::kIndex, [&](const text::LexicalTerm& term) {
        ++counts[std::string(term.term)];
        ++length;
        return true;
      });
      std::vector<lexical::TermCount> terms;
      for (const auto& [term, count] : counts) terms.push_back({term, count});
      EXPECT_TRUE(lexical_.put(slots[i], terms, length).ok());
      texts_[static_cast<uint32_t>(slots[i])] = passages[i];
    }
    ++generation_;
  }
  // Forgets a file, as the indexer does when it is removed.
  void forget_words(const std::string& path) {
    for (const Slot slot : slots_of(path)) lexical_.remove(slot);
  }
  std::vector<Slot> slots_of(const std::string& path) {
    Result<std::optional<store::Object>> object(std::nullopt);
    const ObjectKey of_file = key(path);
    object = storage().find_object(of_file);
    if (!object.value().has_value()) return {};
    const auto space = storage().open_space(kTextSpace).value();
    return storage().slots_of(space, object.value()->id).value();
  }

  SearchableText searchable() {
    SearchableText text;
    text.space = storage().open_space(kTextSpace).value();
    text.embedder = &embedder_;
    text.lexical = &lexical_;
    text.read_text = [this](const ObjectKey&, const store::Passage& passage, size_t most,
                            std::string& out) -> Status {
      out = texts_.at(static_cast<uint32_t>(passage.slot)).substr(0, most);
      return {};
    };
    text.generation = generation_;
    text.complete = complete;
    return text;
  }
  WordEmbedder& embedder() { return embedder_; }
  lexical::LexicalIndex& lexical() { return lexical_; }

  bool complete = true;

 private:
  WordEmbedder embedder_;
  lexical::LexicalIndex lexical_;
  std::map<uint32_t, std::string> texts_;  // By slot.
  uint64_t generation_ = 1;
};

inline Query about(std::string_view text, QueryMode mode = QueryMode::kHybrid, uint32_t k = 10) {
  Query query;
  query.text = text;
  query.mode = mode;
  query.k = k;
  return query;
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_TESTING_TEXT_WORLD_H_
