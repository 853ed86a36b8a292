// The vector index is asked first. The lexical index then gives the BM25 of what that found, beside
// its own best, and measure() computes the cosines of those.
#include "engine/search/text_candidates.h"

#include <algorithm>
#include <tuple>

namespace vexfs::engine {

lexical::SlotSet set_of(const SlotBitmap* bitmap) {
  if (bitmap == nullptr) return {};
  const index::SlotFilter filter = bitmap->filter();
  if (filter.words != nullptr) return {filter.words, filter.slots};
  static constexpr uint64_t kNoBits = 0;
  return {&kNoBits, 0};
}

void TextCandidates::clear() {
  candidates_.clear();
  known_.clear();
}

Status TextCandidates::gather(uint32_t most, const SlotBitmap* found, const SlotBitmap* counted) {
  slots_.clear();
  matches_.clear();
  exhausted_ = true;
  cut_ = false;
  bm25_bound_ = 0;
  if (found != nullptr && found->matches() == 0) return {};
  if (!parts_.question.vector.empty()) VEXFS_CHECK_OK(ask_meaning(most, found));
  near_ = slots_.size();
  if (!parts_.question.terms.empty()) VEXFS_CHECK_OK(ask_words(most, found, counted));
  VEXFS_CHECK_OK(measure());
  std::sort(candidates_.begin(), candidates_.end(),
            [](const TextCandidate& a, const TextCandidate& b) {
              return std::tie(a.object, a.slot) < std::tie(b.object, b.slot);
            });
  return {};
}

// Takes neighbours as long as their cosine is positive: a passage that is no nearer than any other
// answers nothing.
Status TextCandidates::ask_meaning(uint32_t most, const SlotBitmap* found) {
  index::SlotFilter filter;
  index::SearchOptions options;
  options.k = most;
  options.ef = parts_.ef;
  if (found != nullptr) {
    filter = found->filter();
    options.filter = &filter;
  }
  neighbors_.resize(most);
  VEXFS_TRY(result,
            parts_.space.knn->search(parts_.question.vector.data(), options, exact_, neighbors_));
  work_ = result.work;
  sum_.distances += work_.distances;
  sum_.hops += work_.hops;
  sum_.refinements += work_.refinements;
  uint32_t count = 0;
  for (; count < result.count && neighbors_[count].distance < 1; ++count) {
    slots_.push_back(neighbors_[count].slot);
    matches_.push_back({1 - neighbors_[count].distance, 0});
  }
  if (count < result.count) return {};
  if (count == most) {
    exhausted_ = false;
    cut_ = true;
  } else if (!exact_ && work_.plan != index::SearchPlan::kExactScan) {
    exhausted_ = false;  // A walk may have missed the last ones.
    exact_ = true;
  }
  return {};
}

Status TextCandidates::ask_words(uint32_t most, const SlotBitmap* found,
                                 const SlotBitmap* counted) {
  numbers_.resize(near_);
  const lexical::Question question = {.terms = parts_.question.terms,
                                      .most = most,
                                      .found = set_of(found),
                                      .counted = set_of(counted)};
  const std::vector<lexical::Match> best =
      parts_.lexical.search(question, slots_, numbers_, &bm25_bound_);
  for (size_t i = 0; i < near_; ++i) matches_[i].bm25 = numbers_[i];
  std::unordered_set<uint32_t> near;
  for (const Slot slot : slots_) near.insert(static_cast<uint32_t>(slot));
  for (const lexical::Match& match : best) {
    if (near.contains(static_cast<uint32_t>(match.slot))) continue;
    slots_.push_back(match.slot);
    matches_.push_back({0, match.score});
  }
  if (best.size() == most) {
    exhausted_ = false;
    cut_ = true;
  }
  return {};
}

// Computes the missing cosines and keeps each slot once. A row is read only where an object owns
// its slot: the lexical index may still name a passage that is gone.
Status TextCandidates::measure() {
  VEXFS_CHECK_OK(parts_.storage.objects_of(parts_.space, slots_, objects_));
  std::vector<Slot> far;
  for (size_t i = near_; i < slots_.size(); ++i) {
    if (objects_[i] != kNoObject) far.push_back(slots_[i]);
  }
  numbers_.resize(far.size());
  if (!far.empty() && !parts_.question.vector.empty()) {
    VEXFS_CHECK_OK(parts_.space.knn->distances(parts_.question.vector.data(), far, numbers_));
    sum_.refinements += static_cast<uint32_t>(far.size());
  } else {
    std::fill(numbers_.begin(), numbers_.end(), 1.0F);
  }
  size_t next = 0;
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (objects_[i] == kNoObject) continue;
    if (i >= near_) matches_[i].cosine = 1 - numbers_[next++];
    if (!known_.insert(static_cast<uint32_t>(slots_[i])).second) continue;
    candidates_.push_back({slots_[i], objects_[i], matches_[i]});
  }
  return {};
}

}  // namespace vexfs::engine
