// For tests: how often the calling thread allocated memory.
#ifndef VEXFS_BASE_TESTING_ALLOCATION_COUNT_H_
#define VEXFS_BASE_TESTING_ALLOCATION_COUNT_H_

#include <cstdint>

#include "base/sanitizer.h"

namespace vexfs {

// Sanitizers have allocators of their own, in front of which nothing can count.
inline constexpr bool kCountsAllocations = !kSanitized;

// Calls of malloc and its like by this thread, whoever made them (new, containers, libraries); 0
// where they are not counted. A program that links this library counts them from its start on.
uint64_t allocations_of_this_thread();

}  // namespace vexfs

#endif  // VEXFS_BASE_TESTING_ALLOCATION_COUNT_H_
