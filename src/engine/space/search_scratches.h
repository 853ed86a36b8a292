// SearchScratches: the working memory of searches, shared by all spaces of a store.
#ifndef VEXFS_ENGINE_SPACE_SEARCH_SCRATCHES_H_
#define VEXFS_ENGINE_SPACE_SEARCH_SCRATCHES_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "base/limits.h"
#include "base/status.h"
#include "index/search.h"
#include "index/search_scratch.h"

namespace vexfs::engine {

// What one search works in. Its pages are touched as they are needed.
struct SearchMemory {
  explicit SearchMemory(index::SearchScratch made);

  index::SearchScratch scratch;
  std::unique_ptr<Slot[]> slots;               // limits::kPendingSlotsMax.
  std::unique_ptr<index::Neighbor[]> scanned;  // limits::kNeighborsMax each.
  std::unique_ptr<index::Neighbor[]> candidates;
  std::unique_ptr<index::Neighbor[]> merged;
};

// At most limits::kSearchesMax at once, made as they are first needed; a further search waits: more
// at a time than there are CPUs would only be slower. Any thread.
class SearchScratches {
 public:
  // One SearchMemory for the length of a search. Not two at a time on one thread.
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
  std::mutex mutex_;  // A leaf.
  std::condition_variable returned_;
  std::vector<std::unique_ptr<SearchMemory>> idle_;
  size_t made_ = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_SEARCH_SCRATCHES_H_
