// Names and budgets of the operations, as `status`, `stack` and `metrics` print them.
#include "fs/measure/operation.h"

#include "base/limits.h"
#include "base/stack_monitor.h"

namespace vexfs::fs {

static_assert(kOperationCount <= StackMonitor::kOperationsMax,
              "each operation has a high-water mark of its own");

const char* operation_name(Operation operation) {
  static constexpr const char* kNames[] = {
#define VEXFS_NAME(name) #name,
      VEXFS_FS_OPERATIONS(VEXFS_NAME)
#undef VEXFS_NAME
  };
  return kNames[static_cast<uint32_t>(operation)];
}

size_t stack_budget(Operation operation) {
  switch (operation) {
#define VEXFS_CASE(name) case Operation::name:
    VEXFS_FS_VECTOR_OPERATIONS(VEXFS_CASE)
#undef VEXFS_CASE
    return limits::kRequestStackBytes;
    default:
      return limits::kFsOperationStackBytes;
  }
}

}  // namespace vexfs::fs
