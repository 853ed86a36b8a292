// PermittedSearch: one search that asks for more until it has k files that its caller may read.
#ifndef VEXFS_ENGINE_SEARCH_PERMITTED_SEARCH_H_
#define VEXFS_ENGINE_SEARCH_PERMITTED_SEARCH_H_

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/status.h"
#include "engine/search/hit_resolver.h"
#include "engine/search/query_target.h"
#include "engine/search/result_scorer.h"
#include "engine/search/scope_filters.h"
#include "index/search.h"

namespace vexfs::engine {

// The first round asks for k neighbours and a few to spare. Where too many of them are of one file,
// gone, of another type or unreadable for the caller, further rounds ask for four times as many, up
// to limits::kNeighborsMax, and then for the nearest but those that were seen. Since each round
// sees slots that none before saw, the search ends with k files, or with all that there are.
//
// An object is used once, by one thread.
class PermittedSearch {
 public:
  struct Parts {
    HitResolver& resolver;
    ScopeFilters& filters;
    VectorStorageManager& storage;
    const VectorStorageManager::OpenSpace& space;
    const HitScope& scope;
    const Query& query;
  };
  PermittedSearch(const Parts& parts, std::shared_ptr<const ScopeFilter> filter);

  Status run(const AskedVector& vector);

  // After run(): the ranked passages, at most k.
  std::vector<ScoredPassage>& passages() { return passages_; }
  const index::SearchWork& last_work() const { return work_; }
  uint64_t distances() const { return distances_; }
  uint64_t hops() const { return hops_; }
  uint64_t refinements() const { return refinements_; }
  uint32_t rounds() const { return rounds_; }
  // A filter for later queries, without the slots that were refused for a reason that lasts: their
  // rights or their type. nullptr where it would not be worth a new bitmap.
  Result<std::shared_ptr<const ScopeFilter>> learned();

 private:
  bool full() const { return found_.size() >= parts_.query.k; }
  Result<uint32_t> search(const float* vector);
  Status examine(std::span<const index::Neighbor> neighbors);
  void take(ResolvedHit& hit);
  Status widen();

  const Parts parts_;
  std::shared_ptr<const ScopeFilter> filter_;
  std::shared_ptr<const SlotBitmap> slots_;  // What the next round may find; nullptr: all.
  uint32_t asked_ = 0;                       // How many neighbours a round asks for.
  bool exact_ = false;                       // The next round scans.

  std::vector<index::Neighbor> neighbors_;
  std::vector<ResolvedHit> batch_;
  std::unordered_set<uint32_t> seen_;              // The slots of all rounds.
  std::unordered_set<uint64_t> found_;             // The objects that are hits.
  std::unordered_map<uint64_t, Verdict> refused_;  // The objects that are not, and why.
  std::vector<Slot> refused_slots_;                // Those with a reason that lasts.
  std::vector<ScoredPassage> passages_;

  index::SearchWork work_;
  uint64_t distances_ = 0;
  uint64_t hops_ = 0;
  uint64_t refinements_ = 0;
  uint32_t rounds_ = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_PERMITTED_SEARCH_H_
