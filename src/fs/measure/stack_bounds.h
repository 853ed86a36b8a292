// The proved half of the stack budget: a table that tools/stack writes at build time.
#ifndef VEXFS_FS_MEASURE_STACK_BOUNDS_H_
#define VEXFS_FS_MEASURE_STACK_BOUNDS_H_

#include <cstdint>
#include <span>

namespace vexfs::fs {

struct StackBound {
  const char* operation;  // As operation_name() says it; or a search, by the name of its method.
  uint32_t bytes;         // From its entry to the deepest frame, library calls included.
};

// Empty where the build proves nothing (sanitizers, Clang).
std::span<const StackBound> proved_stack_bounds();

}  // namespace vexfs::fs

#endif  // VEXFS_FS_MEASURE_STACK_BOUNDS_H_
