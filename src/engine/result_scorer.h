// ResultScorer: from distances of passages to ranked files.
#ifndef VEXFS_ENGINE_RESULT_SCORER_H_
#define VEXFS_ENGINE_RESULT_SCORER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/vector_space.h"
#include "engine/query.h"
#include "engine/tree.h"

namespace vexfs::engine {

// A passage that may become a hit, with all that is needed to look at its file again.
struct ScoredPassage {
  store::Passage passage;
  float distance = 0;
  ObjectKey key;
  std::string path;  // As in Hit.
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

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_RESULT_SCORER_H_
