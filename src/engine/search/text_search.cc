// A round of a search by text: gather candidates, group them by file, score files, look at the
// best, fold duplicates, choose.
#include "engine/search/text_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

#include "base/limits.h"
#include "engine/search/type_filter.h"

namespace vexfs::engine {
namespace {

// How many files are looked at in one step where their order may still change.
constexpr size_t kLookStep = 16;

// Two passages below the first distance are the same text, but for the rounding of their vectors.
// Two below the second one say the same if their words weigh the same.
constexpr float kSameText = 0.001F;
constexpr float kSameMeaning = 0.02F;

// The angles in radians that belong to these distances, and a little more, so that rounding leaves
// none out. Two vectors closer than such an angle differ by no more in their angles to the
// question.
constexpr float kSameTextAngle = 0.06F;
constexpr float kSameMeaningAngle = 0.22F;

// How many hits a further one is compared with. Duplicates have nearly the same score, so they are
// near each other in the ranking.
constexpr size_t kFoldWindow = 32;

uint32_t first_ask(uint32_t k) {
  const uint32_t ask = std::max(limits::kTextCandidates, k + k / 8 + 2);
  return std::min(ask, limits::kNeighborsMax);
}

uint64_t key_of(ObjectId object) { return static_cast<uint64_t>(object); }

}  // namespace

TextSearch::TextSearch(const Parts& parts, std::shared_ptr<const ScopeFilter> seen,
                       std::shared_ptr<const ScopeFilter> typed)
    : parts_(parts),
      seen_(std::move(seen)),
      typed_(std::move(typed)),
      found_(typed_->slots),
      candidates_({parts.storage, parts.space, parts.lexical, parts.question, parts.query.ef,
                   parts.query.exact}),
      most_(first_ask(parts.query.k)) {}

Status TextSearch::run() {
  const bool counts = !parts_.question.terms.empty() && !parts_.scope.caller->sees_all();
  if (counts) VEXFS_CHECK_OK(find_unreadable());
  for (;;) {
    ++rounds_;
    VEXFS_CHECK_OK(candidates_.gather(most_, found_.get(), counted()));
    group();
    best_ = {};
    VEXFS_CHECK_OK(look_at_best(best_));
    const TextScorer scorer(parts_.question.mode, parts_.query.fusion, best_,
                            candidates_.bm25_bound());
    VEXFS_CHECK_OK(score_files(scorer));
    VEXFS_CHECK_OK(choose(scorer));
    if (counts && !unreadable_.empty()) {
      VEXFS_CHECK_OK(leave_out_unreadable());
      candidates_.clear();
      continue;
    }
    if (chosen_.size() < parts_.query.k && !candidates_.exhausted()) {
      VEXFS_CHECK_OK(widen());
      continue;
    }
    if (unreadable_.size() >= kRefusalsWorthLearning) VEXFS_CHECK_OK(leave_out_unreadable());
    return show(scorer);
  }
}

// Candidates of one file stand together.
void TextSearch::group() {
  files_.clear();
  const std::span<const TextCandidate> all = candidates_.all();
  for (size_t first = 0; first < all.size();) {
    File file;
    file.object = all[first].object;
    size_t end = first;
    for (; end < all.size() && all[end].object == file.object; ++end) {
      file.match.cosine = std::max(file.match.cosine, all[end].match.cosine);
      file.match.bm25 = std::max(file.match.bm25, all[end].match.bm25);
    }
    file.passages = all.subspan(first, end - first);
    files_.push_back(file);
    first = end;
  }
}

// Looks at those of the files that were not looked at yet. Each is opened once in a search.
Status TextSearch::look(std::span<const File* const> files) {
  std::vector<index::Neighbor> slots;
  for (const File* const file : files) {
    if (looked_.contains(key_of(file->object))) continue;
    slots.push_back({file->passages.front().slot, 0});
    looked_[key_of(file->object)].slot = slots.back().slot;
  }
  if (slots.empty()) return {};
  std::vector<ResolvedHit> hits;
  hits.reserve(slots.size());
  VEXFS_CHECK_OK(parts_.resolver.resolve(parts_.space, parts_.scope, slots, hits));
  for (ResolvedHit& hit : hits) {
    parts_.resolver.verify(parts_.scope, hit);
    const auto found = looked_.find(key_of(hit.passage.passage.object));
    // Nobody owns the slot any more; the verdict stays kUnknown, which refuses the file.
    if (found == looked_.end()) continue;
    Looked& looked = found->second;
    looked.verdict = hit.verdict;
    if (hit.verdict == Verdict::kUnreadable) unreadable_.push_back(hit.passage.passage.object);
    if (hit.verdict != Verdict::kGood) continue;
    looked.passage = std::move(hit.passage);
    if (parts_.query.fusion.path_weight > 0) {
      looked.path_part = part_of_terms(parts_.question.terms, looked.passage.path);
    }
  }
  return {};
}

// Finds the largest cosine and the largest BM25 of files that the caller may read.
Status TextSearch::look_at_best(TextMatch& best) {
  std::vector<const File*> order;
  for (const File& file : files_) order.push_back(&file);
  for (float TextMatch::*const measure : {&TextMatch::cosine, &TextMatch::bm25}) {
    std::sort(order.begin(), order.end(), [measure](const File* a, const File* b) {
      return std::tuple(-(a->match.*measure), a->object) <
             std::tuple(-(b->match.*measure), b->object);
    });
    for (const File* const file : order) {
      if (file->match.*measure <= 0) break;
      VEXFS_CHECK_OK(look(std::span(&file, 1)));
      if (looked_.at(key_of(file->object)).verdict != Verdict::kGood) continue;
      best.*measure = file->match.*measure;
      break;
    }
  }
  return {};
}

Status TextSearch::score_files(const TextScorer& scorer) {
  const bool by_rank = parts_.question.mode == QueryMode::kHybrid &&
                       parts_.query.fusion.kind == FusionOptions::Kind::kReciprocalRank;
  if (by_rank) VEXFS_CHECK_OK(rank_files());
  for (File& file : files_) {
    // The bound is that of a file that has all words in its path and was modified just now.
    file.score = by_rank ? scorer.score_of_ranks(file.semantic_rank, file.lexical_rank, 1)
                         : scorer.score(file.match, 1);
    file.by_rank = by_rank;
  }
  std::sort(files_.begin(), files_.end(), [](const File& a, const File& b) {
    return std::tuple(-a.score, a.object) < std::tuple(-b.score, b.object);
  });
  return {};
}

// A rank depends on the files before it, so all are looked at and only the good ones stay.
Status TextSearch::rank_files() {
  std::vector<const File*> all;
  for (const File& file : files_) all.push_back(&file);
  VEXFS_CHECK_OK(look(all));
  std::erase_if(files_, [this](const File& file) {
    return looked_.at(key_of(file.object)).verdict != Verdict::kGood;
  });
  const auto rank = [this](float TextMatch::*measure, uint32_t File::*place) {
    std::sort(files_.begin(), files_.end(), [measure](const File& a, const File& b) {
      return std::tuple(-(a.match.*measure), a.object) < std::tuple(-(b.match.*measure), b.object);
    });
    uint32_t next = 0;
    for (File& file : files_) file.*place = file.match.*measure > 0 ? ++next : 0;
  };
  rank(&TextMatch::cosine, &File::semantic_rank);
  rank(&TextMatch::bm25, &File::lexical_rank);
  return {};
}

float TextSearch::final_score(const TextScorer& scorer, const File& file,
                              const Looked& looked) const {
  const float score =
      file.by_rank ? scorer.score_of_ranks(file.semantic_rank, file.lexical_rank, looked.path_part)
                   : scorer.score(file.match, looked.path_part);
  return scorer.aged(score, looked.passage.modified, parts_.now);
}

// Appends files that may be shown, from `next` on, until there are `want` that no other can
// overtake. Files are in the order of the largest score that each may get.
Status TextSearch::take_good(const TextScorer& scorer, size_t want, size_t& next,
                             std::vector<File*>& good) {
  const FusionOptions& fusion = parts_.query.fusion;
  const bool settled = fusion.path_weight == 0 && fusion.recency_days == 0;
  std::vector<float> scores;
  while (next < files_.size()) {
    if (good.size() >= want) {
      if (settled) return {};
      scores.clear();
      for (const File* const file : good) scores.push_back(file->score);
      const auto last = scores.begin() + static_cast<std::ptrdiff_t>(want) - 1;
      std::nth_element(scores.begin(), last, scores.end(), std::greater<>());
      if (*last >= files_[next].score) return {};
    }
    const size_t missing = want > good.size() ? want - good.size() : kLookStep;
    const size_t end = std::min(files_.size(), next + missing);
    std::vector<const File*> step;
    for (size_t i = next; i < end; ++i) step.push_back(&files_[i]);
    VEXFS_CHECK_OK(look(step));
    for (; next < end; ++next) {
      const Looked& looked = looked_.at(key_of(files_[next].object));
      if (looked.verdict != Verdict::kGood) continue;
      files_[next].score = final_score(scorer, files_[next], looked);
      good.push_back(&files_[next]);
    }
  }
  return {};
}

// Folding takes files away, so more are looked at until there are k: as many as are missing at
// first, then twice as many, and so on.
Status TextSearch::choose(const TextScorer& scorer) {
  const size_t k = parts_.query.k;
  std::vector<File*> good;
  size_t next = 0;
  size_t want = k;
  for (size_t spare = 1;; spare *= 2) {
    VEXFS_CHECK_OK(take_good(scorer, want, next, good));
    std::sort(good.begin(), good.end(), [this](const File* a, const File* b) {
      if (a->score != b->score) return a->score > b->score;
      return looked_.at(key_of(a->object)).passage.path <
             looked_.at(key_of(b->object)).passage.path;
    });
    chosen_ = good;
    if (parts_.query.fold_duplicates) VEXFS_CHECK_OK(fold(scorer));
    if (chosen_.size() >= k || next == files_.size()) break;
    want = good.size() + (k - chosen_.size()) * spare;
  }
  if (chosen_.size() > k) chosen_.resize(k);
  return {};
}

// The passage of the file that answers best.
const TextCandidate& TextSearch::best_of(const TextScorer& scorer, const File& file) {
  return *std::max_element(file.passages.begin(), file.passages.end(),
                           [&scorer](const TextCandidate& a, const TextCandidate& b) {
                             return scorer.score(a.match, 0) < scorer.score(b.match, 0);
                           });
}

// Leaves the first of the files in chosen_ that say the same. Only the vectors of files whose angle
// to the question is about equal are compared.
Status TextSearch::fold(const TextScorer& scorer) {
  std::vector<File*> kept;
  std::vector<Slot> slots;  // Those of `kept`, in the same order.
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
    // Two that are near each other are about as far from the question as each other.
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

// Finds the passage that is shown: the best one that has a range, or the whole file where none has.
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

  // Only the vector of the whole file came up. The nearest of its passages stands for it.
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

// Finds the files that have one of the words and that the caller may not read, so that no word is
// counted in them. The filter remembers which files were found readable.
Status TextSearch::find_unreadable() {
  const std::shared_ptr<const SlotBitmap> unchecked = seen_->unchecked;
  if (unchecked != nullptr && unchecked->matches() == 0) return {};
  const std::vector<Slot> slots = parts_.lexical.slots_with(
      parts_.question.terms, set_of(unchecked != nullptr ? unchecked.get() : counted()));
  if (slots.empty()) return {};
  std::vector<ObjectId> objects;
  VEXFS_CHECK_OK(parts_.storage.objects_of(parts_.space, slots, objects));
  VEXFS_CHECK_OK(
      parts_.readable.find_unreadable(*parts_.scope.caller, parts_.rights, objects, unreadable_));
  if (!unreadable_.empty()) VEXFS_CHECK_OK(leave_out_unreadable());

  VEXFS_TRY(all, parts_.filters.slots_of(parts_.space, *seen_));
  auto rest = std::make_shared<SlotBitmap>(unchecked != nullptr ? *unchecked : *all);
  for (const Slot slot : slots) rest->remove(slot);
  auto made = std::make_shared<ScopeFilter>(*seen_);
  made->unchecked = std::move(rest);
  const bool alike = seen_ == typed_;
  learned_seen_ = seen_ = std::move(made);
  if (alike) typed_ = seen_;
  return {};
}

// Takes files that may not be read out of both filters, as if they did not exist.
Status TextSearch::leave_out_unreadable() {
  const auto without = [this](const std::shared_ptr<const ScopeFilter>& filter)
      -> Result<std::shared_ptr<const ScopeFilter>> {
    VEXFS_TRY(all, parts_.filters.slots_of(parts_.space, *filter));
    auto slots = std::make_shared<SlotBitmap>(*all);
    for (const ObjectId object : unreadable_) {
      VEXFS_TRY(owned, parts_.storage.slots_of(parts_.space, object));
      for (const Slot slot : owned) slots->remove(slot);
    }
    auto made = std::make_shared<ScopeFilter>(*filter);
    made->slots = std::move(slots);
    return std::shared_ptr<const ScopeFilter>(std::move(made));
  };
  const bool alike = seen_ == typed_;
  VEXFS_TRY(seen, without(seen_));
  learned_seen_ = seen_ = std::move(seen);
  if (!alike) {
    VEXFS_TRY(typed, without(typed_));
    learned_typed_ = typed_ = std::move(typed);
  } else {
    typed_ = seen_;
  }
  found_ = typed_->slots;
  unreadable_.clear();
  return {};
}

// Lets the next round find passages that none before found: first those of the right types alone,
// then by a scan, by more passages, and at last without those that are known.
Status TextSearch::widen() {
  if (!parts_.query.types.empty() && !typed_->typed) {
    VEXFS_TRY(typed, with_types(parts_.storage, parts_.filters, parts_.space, *typed_,
                                parts_.query.types));
    learned_typed_ = typed_ = std::move(typed);
    found_ = typed_->slots;
    return {};
  }
  if (!candidates_.cut()) return {};  // A walk missed some; gather() scans the next time.
  if (most_ < limits::kNeighborsMax) {
    most_ = std::min(most_ * 4, limits::kNeighborsMax);
    return {};
  }
  VEXFS_TRY(all, parts_.filters.slots_of(parts_.space, *typed_));
  auto unseen = std::make_shared<SlotBitmap>(*all);
  for (const TextCandidate& candidate : candidates_.all()) unseen->remove(candidate.slot);
  found_ = std::move(unseen);
  return {};
}

}  // namespace vexfs::engine
