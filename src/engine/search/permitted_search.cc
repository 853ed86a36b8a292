// A round goes from the neighbours that the index finds to files that were looked at.
#include "engine/search/permitted_search.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "engine/search/type_filter.h"

namespace vexfs::engine {
namespace {

// The first round asks for some neighbours beyond k: a few are gone or of one file even in a tidy
// tree, and a search that finds some more costs less than a second one.
uint32_t first_ask(const Query& query, uint32_t left_out) {
  const uint64_t ask = uint64_t{query.k} + query.k / 8 + 2 + left_out;
  return static_cast<uint32_t>(std::min<uint64_t>(ask, limits::kNeighborsMax));
}

}  // namespace

PermittedSearch::PermittedSearch(const Parts& parts, std::shared_ptr<const ScopeFilter> filter)
    : parts_(parts),
      filter_(std::move(filter)),
      slots_(filter_->slots),
      exact_(parts.query.exact) {}

Status PermittedSearch::run(const AskedVector& vector) {
  asked_ = first_ask(parts_.query, vector.slots);
  if (vector.object != kNoObject) {
    refused_.emplace(static_cast<uint64_t>(vector.object), Verdict::kUnknown);
  }
  while (!full() && (slots_ == nullptr || slots_->matches() > 0)) {
    const auto hold = parts_.space.knn->hold();
    VEXFS_TRY(count, search(vector.data));
    VEXFS_CHECK_OK(examine({neighbors_.data(), count}));
    if (full()) break;
    if (count == asked_) {
      VEXFS_CHECK_OK(widen());
    } else if (exact_ || work_.plan == index::SearchPlan::kExactScan) {
      break;  // These were all that there are.
    } else {
      exact_ = true;  // A walk may have missed the last ones.
    }
  }
  ResultScorer::rank(passages_, parts_.query.k);
  return {};
}

Result<uint32_t> PermittedSearch::search(const float* vector) {
  index::SlotFilter filter;
  index::SearchOptions options;
  options.k = asked_;
  options.ef = parts_.query.ef;
  if (slots_ != nullptr) {
    filter = slots_->filter();
    options.filter = &filter;
  }
  neighbors_.resize(asked_);
  VEXFS_TRY(found, parts_.space.knn->search(vector, options, exact_, neighbors_));
  work_ = found.work;
  distances_ += found.work.distances;
  hops_ += found.work.hops;
  refinements_ += found.work.refinements;
  ++rounds_;
  return found.count;
}

// Takes the nearest first, a batch at a time, until there are k files. A batch is as large as the
// number of files that are missing, so that no file is opened in vain.
Status PermittedSearch::examine(std::span<const index::Neighbor> neighbors) {
  std::vector<index::Neighbor> fresh;
  fresh.reserve(neighbors.size());
  for (const index::Neighbor& neighbor : neighbors) {
    if (!seen_.contains(static_cast<uint32_t>(neighbor.slot))) fresh.push_back(neighbor);
  }
  std::span<const index::Neighbor> rest = fresh;
  while (!full() && !rest.empty()) {
    const size_t missing = parts_.query.k - found_.size();
    const auto step = rest.first(std::min(rest.size(), missing));
    rest = rest.subspan(step.size());
    batch_.clear();
    VEXFS_CHECK_OK(parts_.resolver.resolve(parts_.space, parts_.scope, step, batch_));
    for (ResolvedHit& hit : batch_) take(hit);
  }
  return {};
}

void PermittedSearch::take(ResolvedHit& hit) {
  seen_.insert(static_cast<uint32_t>(hit.slot));
  const auto object = static_cast<uint64_t>(hit.passage.passage.object);
  if (hit.verdict == Verdict::kUnknown) {
    if (found_.contains(object)) return;  // Its best passage came first.
    if (const auto known = refused_.find(object); known != refused_.end()) {
      hit.verdict = known->second;
    } else {
      parts_.resolver.verify(parts_.scope, hit);
    }
  }
  if (hit.verdict == Verdict::kGood) {
    found_.insert(object);
    passages_.push_back(std::move(hit.passage));
    return;
  }
  if (object != 0) refused_.emplace(object, hit.verdict);
  if (hit.verdict == Verdict::kUnreadable || hit.verdict == Verdict::kOtherType) {
    refused_slots_.push_back(hit.slot);
  }
}

// Lets the next round find slots that none before found. Types are checked for each hit at first,
// which is cheap where most files fit; once that takes too many rounds, a bitmap is made of them.
Status PermittedSearch::widen() {
  if (asked_ < limits::kNeighborsMax) {
    asked_ = static_cast<uint32_t>(std::min<uint64_t>(uint64_t{asked_} * 4, limits::kNeighborsMax));
    return {};
  }
  if (!parts_.query.types.empty() && !filter_->typed) {
    VEXFS_TRY(typed, with_types(parts_.storage, parts_.filters, parts_.space, *filter_,
                                parts_.query.types));
    filter_ = std::move(typed);
    refused_slots_.push_back(kNoSlot);  // The filter is worth keeping, whatever else was refused.
  }
  VEXFS_TRY(all, parts_.filters.slots_of(parts_.space, *filter_));
  auto unseen = std::make_shared<SlotBitmap>(*all);
  for (const uint32_t slot : seen_) unseen->remove(Slot{slot});
  slots_ = std::move(unseen);
  return {};
}

Result<std::shared_ptr<const ScopeFilter>> PermittedSearch::learned() {
  const bool worth = filter_->typed || refused_slots_.size() >= kRefusalsWorthLearning;
  if (refused_slots_.empty() || !worth) return std::shared_ptr<const ScopeFilter>();
  VEXFS_TRY(all, parts_.filters.slots_of(parts_.space, *filter_));
  auto slots = std::make_shared<SlotBitmap>(*all);
  for (const Slot slot : refused_slots_) slots->remove(slot);
  auto filter = std::make_shared<ScopeFilter>(*filter_);
  filter->slots = std::move(slots);
  return std::shared_ptr<const ScopeFilter>(std::move(filter));
}

}  // namespace vexfs::engine
