// on_large_stack: runs work that does not fit on the caller's stack.
#ifndef VEXFS_ENGINE_STORAGE_LARGE_STACK_H_
#define VEXFS_ENGINE_STORAGE_LARGE_STACK_H_

#include "base/function_ref.h"
#include "base/status.h"

namespace vexfs::engine {

// Runs `work` on a thread made for it, with limits::kLargeStackBytes, and waits for its end. That
// costs some 50 microseconds, so it is for what is rare: opening a store or a space. Any thread may
// call it that holds no lock which `work` takes. EAGAIN or ENOMEM when no thread can be made; then
// `work` did not run.
Status on_large_stack(FunctionRef<void()> work);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_LARGE_STACK_H_
