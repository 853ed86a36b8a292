// One space has one metric, so distances rank as they are; scores are for people and for fusion.
#include "engine/result_scorer.h"

#include <algorithm>
#include <tuple>

namespace vexfs::engine {

float ResultScorer::score(float distance) const {
  if (metric_ == Metric::kCosine) return 1 - distance;
  return 0 - distance;  // Not -distance: the score of distance 0 is 0, not -0.
}

void ResultScorer::rank(std::vector<ScoredPassage>& passages, uint32_t k) {
  const auto by_file = [](const ScoredPassage& a, const ScoredPassage& b) {
    return std::tie(a.passage.object, a.distance, a.passage.ordinal) <
           std::tie(b.passage.object, b.distance, b.passage.ordinal);
  };
  const auto same_file = [](const ScoredPassage& a, const ScoredPassage& b) {
    return a.passage.object == b.passage.object;
  };
  const auto best_first = [](const ScoredPassage& a, const ScoredPassage& b) {
    return std::tie(a.distance, a.path) < std::tie(b.distance, b.path);
  };
  std::sort(passages.begin(), passages.end(), by_file);
  passages.erase(std::unique(passages.begin(), passages.end(), same_file), passages.end());
  std::sort(passages.begin(), passages.end(), best_first);
  if (passages.size() > k) passages.resize(k);
}

Hit ResultScorer::hit(const ScoredPassage& passage) const {
  Hit hit;
  hit.path = passage.path;
  hit.score = score(passage.distance);
  hit.start = passage.passage.start;
  hit.end = passage.passage.end;
  hit.line = passage.passage.line;
  return hit;
}

}  // namespace vexfs::engine
