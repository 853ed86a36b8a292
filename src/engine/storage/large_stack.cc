// A thread and its join.
#include "engine/storage/large_stack.h"

#include "base/limits.h"
#include "base/thread.h"

namespace vexfs::engine {

Status on_large_stack(FunctionRef<void()> work) {
  Result<Thread> thread = Thread::start(
      {"vexfs-start", limits::kLargeStackBytes},
      [](void* argument) { (*static_cast<FunctionRef<void()>*>(argument))(); }, &work);
  if (!thread.ok()) return thread.status();
  thread.value().join();
  return {};
}

}  // namespace vexfs::engine
