// ResultScorer ranks files by the distances of their passages. TextScorer makes one score of what a
// passage means and of the words that it has.
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
  int64_t modified = 0;  // Seconds since the epoch, where HitScope::wants_modified asks for it.

  struct OfText {
    float score = 0;
    std::optional<float> semantic;
    std::optional<float> lexical;
    uint32_t duplicates = 0;
  };
  // As in Hit. It is there where a text was asked, and `distance` is not used then.
  std::optional<OfText> of_text;
};

// Scores and ranks the passages of one space. It does not change, so any thread may use it.
class ResultScorer {
 public:
  explicit ResultScorer(Metric metric) : metric_(metric) {}

  // The cosine, the negative squared L2 distance, or the inner product: larger is better.
  float score(float distance) const;
  // Leaves the best passage of each file, at most `k`, with the best first. Passages of equal
  // distance are in the order of their paths' bytes, so that a search always answers the same.
  static void rank(std::vector<ScoredPassage>& passages, uint32_t k);
  Hit hit(const ScoredPassage& passage) const;

 private:
  Metric metric_;
};

// How well a passage, or the best passages of a file, answer a text.
struct TextMatch {
  float cosine = 0;
  float bm25 = 0;  // 0 where it has none of the words.
};

// Makes one score of both, as FusionOptions say. `best` has the largest cosine and the largest BM25
// of all files that the caller may find; each file is measured by these. `bm25_bound` is the BM25
// that no passage can exceed. The words weigh as much as the best file has of that bound: where no
// file has the rare words of the question, the meaning decides. It does not change, so any thread
// may use it.
class TextScorer {
 public:
  TextScorer(QueryMode mode, const FusionOptions& options, const TextMatch& best, float bm25_bound);

  // `path_part` is the part of the query's words that the path has, 0 to 1.
  float score(const TextMatch& match, float path_part) const;
  // The same by the ranks in both rankings. The first rank is 1; 0 stands for none.
  float score_of_ranks(uint32_t semantic, uint32_t lexical, float path_part) const;
  // What age leaves of the score of a file that was last modified at `modified`.
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
