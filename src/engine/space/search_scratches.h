// SearchScratches: the working memory of searches, shared by all spaces of a store.
#ifndef VEXFS_ENGINE_SPACE_SEARCH_SCRATCHES_H_
#define VEXFS_ENGINE_SPACE_SEARCH_SCRATCHES_H_

#include <memory>
#include <vector>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/status.h"
#include "index/search.h"
#include "index/search_scratch.h"

namespace vexfs::engine {

// The working memory of one search. Its pages are touched only as they are needed.
struct SearchMemory {
  explicit SearchMemory(index::SearchScratch made);

  index::SearchScratch scratch;
  std::unique_ptr<Slot[]> slots;  // It has room for limits::kPendingSlotsMax.
  // Each of these has room for limits::kNeighborsMax.
  std::unique_ptr<index::Neighbor[]> scanned;
  std::unique_ptr<index::Neighbor[]> candidates;
  std::unique_ptr<index::Neighbor[]> merged;
};

// There are at most limits::kSearchesMax at once, each made when it is first needed. A further
// search waits: more at a time than there are CPUs would only be slower. Any thread may lease one.
class SearchScratches {
 public:
  // One SearchMemory for the length of a search. A thread holds at most one at a time.
  class [[nodiscard]] Lease {
   public:
    Lease(Lease&& other) noexcept : pool_(other.pool_), memory_(std::move(other.memory_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    SearchMemory* operator->() const { return memory_.get(); }

   private:
    friend class SearchScratches;
    Lease(SearchScratches* pool, std::unique_ptr<SearchMemory> memory)
        : pool_(pool), memory_(std::move(memory)) {}
    SearchScratches* pool_;
    std::unique_ptr<SearchMemory> memory_;
  };

  Result<Lease> lease();  // ENOMEM.

 private:
  Mutex mutex_;  // A leaf: nothing is locked under it.
  CondVar returned_;
  std::vector<std::unique_ptr<SearchMemory>> idle_ GUARDED_BY(mutex_);
  size_t made_ GUARDED_BY(mutex_) = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_SEARCH_SCRATCHES_H_
