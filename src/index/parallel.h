// Runs the writer's work on several threads.
#ifndef VEXFS_INDEX_PARALLEL_H_
#define VEXFS_INDEX_PARALLEL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "base/function_ref.h"
#include "base/idle_threads.h"
#include "base/status.h"
#include "index/link_rows.h"
#include "index/search_scratch.h"

namespace vexfs::index {

// A scratch for each thread, made when first needed and kept.
class Workers {
 public:
  // Calls work(i, memory, owner) for each i < count, in no certain order, on the caller's thread
  // and up to `threads` - 1 others (fewer where the system gives no more). With `idlers` none of it
  // is on the caller's, and those that work are members. Stops at the first failure, which it
  // returns.
  //
  // ENOMEM without any work where there is no memory for one thread; not after make_ready().
  using Work =
      FunctionRef<Status(uint32_t i, SearchScratch::Memory& memory, RowLocks::Owner owner)>;
  Status run(uint32_t count, unsigned threads, IdleThreads* idlers, Work work);
  Status make_ready();

 private:
  std::vector<SearchScratch> scratches_;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_PARALLEL_H_
