// For tests: measures how much stack a call takes, on a painted one.
#ifndef VEXFS_BASE_TESTING_PAINTED_STACK_H_
#define VEXFS_BASE_TESTING_PAINTED_STACK_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "base/function_ref.h"
#include "base/stack_monitor.h"
#include "base/thread.h"

namespace vexfs {

// Runs `body` on a thread of its own with a stack of `stack_bytes`, and counts its depth to the
// operation: StackMonitor::high_water_bytes(operation) is then the greatest depth of all runs, up
// to limits::kStackWindowBytes.
inline void run_on_painted_stack(uint32_t operation, size_t stack_bytes, FunctionRef<void()> body) {
  struct Run {
    uint32_t operation;
    FunctionRef<void()> body;

    [[gnu::noinline]] void measured() const {
      ASSERT_TRUE(StackMonitor::probe_enter(operation, __builtin_frame_address(0)));
      body();
    }
    static void start(void* self) {
      StackMonitor::probe_begin();
      static_cast<const Run*>(self)->measured();
      StackMonitor::probe_end();
    }
  };
  Run run{operation, body};
  Result<Thread> thread = Thread::start({"painted", stack_bytes, 1}, &Run::start, &run);
  ASSERT_TRUE(thread.ok());
  thread.value().join();
}

}  // namespace vexfs

#endif  // VEXFS_BASE_TESTING_PAINTED_STACK_H_
