// ResultScorer: from distances of passages to ranked files. TextScorer: from what they mean and the
// words that they have.
#ifndef VEXFS_ENGINE_SEARCH_RESULT_SCORER_H_
#define VEXFS_ENGINE_SEARCH_RESULT_SCORER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/vector_space.h"
#include "engine/query/query.h"
#include "tree/tree.h"

namespace vexfs::engine {

// A passage that may become a hit, with all that is needed to look at its file again.
struct ScoredPassage {
  store::Passage passage;
  float distance = 0;
  store::ObjectKey key;
  std::string path;      // As in Hit.
  int64_t modified = 0;  // Seconds since the epoch, where HitScope asks for it.

  struct OfText {
    float score = 0;
    std::optional<float> semantic;
    std::optional<float> lexical;
    uint32_t duplicates = 0;
  };
  std::optional<OfText> of_text;  // As in Hit, where a text was asked; then `distance` is not used.
};

// Scores and ranks the passages of one space. Stateless beside the metric; any thread.
class ResultScorer {
 public:
  explicit ResultScorer(Metric metric) : metric_(metric) {}

  // Larger is better: cosine, -squared L2, inner product.
  float score(float distance) const;
  // Leaves the best passage of each file, best first, those of equal distance in the order of their
  // paths' bytes, at most `k`.
  static void rank(std::vector<ScoredPassage>& passages, uint32_t k);
  Hit hit(const ScoredPassage& passage) const;

 private:
  Metric metric_;
};

// How well a passage, or the best passages of a file, answer a text.
struct TextMatch {
  float cosine = 0;
  float bm25 = 0;  // 0: none of its words.
};

// One score of both, as FusionOptions say. `best` has the largest of each among all files that the
// caller may find. The words weigh as much as the best file has of `bm25_bound`, which none can
// reach: where no file has the question's rare words, the meaning decides. Stateless; any thread.
class TextScorer {
 public:
  TextScorer(QueryMode mode, const FusionOptions& options, const TextMatch& best, float bm25_bound);

  // `path_part`: of the words of the query, how many the path has, 0 to 1.
  float score(const TextMatch& match, float path_part) const;
  // The same of ranks, the first is 1; 0: it has none.
  float score_of_ranks(uint32_t semantic, uint32_t lexical, float path_part) const;
  // What is left of a score for a file that was modified then.
  float aged(float score, int64_t modified, int64_t now) const;
  ScoredPassage::OfText of_text(float score, const TextMatch& match) const;

 private:
  float with_path(float score, float weight, float path_part) const;

  const QueryMode mode_;
  const FusionOptions options_;
  const TextMatch best_;
  const float lexical_weight_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_RESULT_SCORER_H_
