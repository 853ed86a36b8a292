// The other half of TextSearch: duplicates, and the passages that are shown.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/limits.h"
#include "engine/search/text_search.h"

namespace vexfs::engine {
namespace {

// Distances below which two passages are the same text, but for the rounding of their vectors, and
// below which they say the same if their words weigh the same.
constexpr float kSameText = 0.001F;
constexpr float kSameMeaning = 0.02F;

// More than the angles of these, so that rounding leaves none out.
constexpr float kSameTextAngle = 0.06F;
constexpr float kSameMeaningAngle = 0.22F;

// Hits that a further one is compared with: duplicates have nearly the same score.
constexpr size_t kFoldWindow = 32;

}  // namespace

// The one of its passages that answers best.
const TextCandidate& TextSearch::best_of(const TextScorer& scorer, const File& file) {
  return *std::max_element(file.passages.begin(), file.passages.end(),
                           [&scorer](const TextCandidate& a, const TextCandidate& b) {
                             return scorer.score(a.match, 0) < scorer.score(b.match, 0);
                           });
}

// Leaves the first of those in chosen_ that say the same.
Status TextSearch::fold(const TextScorer& scorer) {
  std::vector<File*> kept;
  std::vector<Slot> slots;  // Of kept, in order.
  std::vector<float> angles;
  std::vector<float> vector(parts_.space.parameters.dim);
  std::array<float, kFoldWindow> distances{};
  size_t folded = 0;
  duplicates_.clear();
  for (File* const file : chosen_) {
    const TextCandidate& best = best_of(scorer, *file);
    const Slot slot = best.slot;
    const size_t first = kept.size() - std::min(kept.size(), kFoldWindow);
    const std::span<const Slot> window = std::span(slots).subspan(first);
    const float angle = std::acos(std::clamp(best.match.cosine, -1.0F, 1.0F));
    // Two that are near each other are about as far from the question.
    bool possible = false;
    for (size_t i = first; i < kept.size() && !possible; ++i) {
      const bool equal_words = kept[i]->match.bm25 == file->match.bm25;
      possible = std::abs(angles[i] - angle) < (equal_words ? kSameMeaningAngle : kSameTextAngle);
    }
    size_t same = window.size();
    if (possible && folded < limits::kFoldedFilesMax) {
      VEXFS_CHECK_OK(parts_.storage.read_vector(parts_.space, slot, vector));
      VEXFS_CHECK_OK(parts_.space.knn->distances(vector.data(), window, distances));
      for (same = 0; same < window.size(); ++same) {
        if (distances[same] < kSameText) break;
        const bool equal_words = kept[first + same]->match.bm25 == file->match.bm25;
        if (distances[same] < kSameMeaning && equal_words) break;
      }
    }
    if (same < window.size()) {
      ++duplicates_[static_cast<uint64_t>(kept[first + same]->object)];
      ++folded;
      continue;
    }
    kept.push_back(file);
    slots.push_back(slot);
    angles.push_back(angle);
  }
  chosen_ = std::move(kept);
  return {};
}

Status TextSearch::show(const TextScorer& scorer) {
  passages_.clear();
  for (const File* const file : chosen_) {
    Looked& looked = looked_.at(static_cast<uint64_t>(file->object));
    VEXFS_CHECK_OK(find_passage(scorer, *file, looked));
    looked.passage.of_text = scorer.of_text(file->score, file->match);
    const auto duplicates = duplicates_.find(static_cast<uint64_t>(file->object));
    if (duplicates != duplicates_.end()) looked.passage.of_text->duplicates = duplicates->second;
    passages_.push_back(std::move(looked.passage));
  }
  return {};
}

// The best of its passages with a range, or the whole file where it has none.
Status TextSearch::find_passage(const TextScorer& scorer, const File& file, Looked& looked) {
  std::vector<const TextCandidate*> order;
  for (const TextCandidate& candidate : file.passages) order.push_back(&candidate);
  std::stable_sort(order.begin(), order.end(),
                   [&scorer](const TextCandidate* a, const TextCandidate* b) {
                     return scorer.score(a->match, 0) > scorer.score(b->match, 0);
                   });
  const auto take = [&](Slot slot, bool& found) -> Status {
    store::Passage passage = looked.passage.passage;
    if (slot != looked.slot) {
      const auto other = parts_.storage.passage_at(parts_.space, slot);
      if (!other.ok()) return other.error() == ENOENT ? Status() : other.status();
      passage = other.value();
    }
    found = passage.object == file.object && passage.end > passage.start;
    if (found) looked.passage.passage = passage;
    return {};
  };
  bool found = false;
  for (size_t i = 0; i < order.size() && !found; ++i) VEXFS_CHECK_OK(take(order[i]->slot, found));
  if (found || parts_.question.vector.empty()) return {};

  // Only its vector as a whole came up: the nearest of its passages stands for it.
  VEXFS_TRY(slots, parts_.storage.slots_of(parts_.space, file.object));
  if (slots.size() > limits::kPassagesComparedMax) slots.resize(limits::kPassagesComparedMax);
  std::vector<float> distances(slots.size());
  VEXFS_CHECK_OK(parts_.space.knn->distances(parts_.question.vector.data(), slots, distances));
  std::vector<std::pair<float, Slot>> nearest;
  for (size_t i = 0; i < slots.size(); ++i) nearest.emplace_back(distances[i], slots[i]);
  std::sort(nearest.begin(), nearest.end());
  for (size_t i = 0; i < nearest.size() && !found; ++i) {
    VEXFS_CHECK_OK(take(nearest[i].second, found));
  }
  return {};
}

}  // namespace vexfs::engine
