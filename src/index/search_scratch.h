// SearchScratch: all working memory of a search, allocated once.
#ifndef VEXFS_INDEX_SEARCH_SCRATCH_H_
#define VEXFS_INDEX_SEARCH_SCRATCH_H_

#include <memory>

#include "base/status.h"

namespace vexfs::index {

// One search at a time uses a scratch; a pool of them serves many threads (engine). Fixed in size
// for any ef up to limits::kEfMax, any k up to limits::kNeighborsMax, any dimension and any number
// of slots; pages are touched as they are needed.
class SearchScratch {
 public:
  static Result<SearchScratch> create();  // ENOMEM.
  SearchScratch(SearchScratch&&) noexcept;
  SearchScratch& operator=(SearchScratch&&) noexcept;
  ~SearchScratch();

  struct Memory;
  Memory& memory() { return *memory_; }

 private:
  explicit SearchScratch(std::unique_ptr<Memory> memory);
  std::unique_ptr<Memory> memory_;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_SEARCH_SCRATCH_H_
