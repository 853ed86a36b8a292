// The idle ones form a stack, since the one that was used last is the warmest in the caches.
#include "engine/space/search_scratches.h"

namespace vexfs::engine {

SearchMemory::SearchMemory(index::SearchScratch made)
    : scratch(std::move(made)),
      slots(new Slot[limits::kPendingSlotsMax]),
      scanned(new index::Neighbor[limits::kNeighborsMax]),
      candidates(new index::Neighbor[limits::kNeighborsMax]),
      merged(new index::Neighbor[limits::kNeighborsMax]) {}

Result<SearchScratches::Lease> SearchScratches::lease() {
  MutexLock lock(mutex_);
  while (idle_.empty() && made_ == limits::kSearchesMax) returned_.wait(lock);
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
    const MutexLock lock(pool_->mutex_);
    pool_->idle_.push_back(std::move(memory_));
  }
  pool_->returned_.notify_one();
}

}  // namespace vexfs::engine
