// A stack of idle scratches: the one used last is the warmest.
#include "engine/space/search_scratches.h"

namespace vexfs::engine {

SearchMemory::SearchMemory(index::SearchScratch made)
    : scratch(std::move(made)),
      slots(new Slot[limits::kPendingSlotsMax]),
      scanned(new index::Neighbor[limits::kNeighborsMax]),
      candidates(new index::Neighbor[limits::kNeighborsMax]),
      merged(new index::Neighbor[limits::kNeighborsMax]) {}

Result<SearchScratches::Lease> SearchScratches::lease() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return !idle_.empty() || made_ < limits::kSearchesMax; });
  if (!idle_.empty()) {
    Lease lease(this, std::move(idle_.back()));
    idle_.pop_back();
    return lease;
  }
  idle_.reserve(limits::kSearchesMax);  // So that giving back cannot fail.
  VEXFS_TRY(scratch, index::SearchScratch::create());
  ++made_;
  return Lease(this, std::make_unique<SearchMemory>(std::move(scratch)));
}

SearchScratches::Lease::~Lease() {
  if (memory_ == nullptr) return;
  {
    const std::lock_guard lock(pool_->mutex_);
    pool_->idle_.push_back(std::move(memory_));
  }
  pool_->returned_.notify_one();
}

}  // namespace vexfs::engine
