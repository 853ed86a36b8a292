// For tests: how often the calling thread allocated memory.
#ifndef VEXFS_BASE_TESTING_ALLOCATION_COUNT_H_
#define VEXFS_BASE_TESTING_ALLOCATION_COUNT_H_

#include <cstdint>

#include "base/sanitizer.h"

namespace vexfs {

// Sanitizers have allocators of their own, which nothing stands before.
inline constexpr bool kCountsAllocations = !kSanitized;

// Calls of malloc and its like by this thread, through whatever door (new, containers, libraries);
// 0 where they are not counted. The program that links this has them counted from its start on.
uint64_t allocations_of_this_thread();

}  // namespace vexfs

#endif  // VEXFS_BASE_TESTING_ALLOCATION_COUNT_H_
