// Thread: a POSIX thread on a stack of our own, guarded and measured.
#ifndef VEXFS_BASE_THREAD_H_
#define VEXFS_BASE_THREAD_H_

#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/status.h"

namespace vexfs {

// The stack is a mapping of its own with a PROT_NONE guard page below it, and is attached to the
// StackMonitor before the thread's function is entered. All signals are blocked in the thread,
// since one AVX-512 signal frame takes 12 KiB, but SIGBUS, which is handled on an alternate stack
// above the stack (base/fault_watch.h). A Thread can be moved, and must be joined before it
// is destroyed or assigned to. In sanitizer builds, whose frames are many times larger, the stack
// has at least 4 MiB.
class Thread {
 public:
  struct Options {
    const char* name;             // At most 15 characters, pthread_setname_np.
    size_t stack_bytes;           // A multiple of the page size, >= limits::kThreadStackBytesMin.
    uint32_t measure_every = 64;  // See StackMonitor::attach_thread.
  };

  // Runs `object`'s method, which must outlive the thread: Thread::start<&T::run>(options, this).
  // ENOMEM, EAGAIN or EINVAL as pthread_create and mmap answer; EINVAL for options out of range.
  template <auto kMethod, typename T>
  static Result<Thread> start(const Options& options, T* object) {
    return start(
        options, [](void* it) { (static_cast<T*>(it)->*kMethod)(); }, object);
  }
  // The same for a function.
  static Result<Thread> start(const Options& options, void (*run)(void*), void* argument);

  Thread(Thread&& other) noexcept;
  Thread& operator=(Thread&& other) noexcept;
  ~Thread();

  void join();

 private:
  struct Start;
  Thread();

  pthread_t handle_{};
  void* mapping_ = nullptr;  // Guard page and stack; null once joined or moved from.
  size_t mapping_bytes_ = 0;
  // Read by the thread, and freed by the joiner, so that the thread need not touch the allocator
  // (which would give it an arena of its own).
  std::unique_ptr<Start> start_;
};

}  // namespace vexfs

#endif  // VEXFS_BASE_THREAD_H_
