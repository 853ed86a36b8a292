// Stacks of our own: mmap, guard page, and a thread that starts with its signals blocked.
#include "base/thread.h"

#include <signal.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "base/limits.h"
#include "base/stack_monitor.h"

namespace vexfs {

struct Thread::Start {
  void (*run)(void*);
  void* argument;
  void* lowest;
  size_t stack_bytes;
  uint32_t measure_every;
  std::array<char, 16> name;  // TASK_COMM_LEN, terminator included.

  static void* enter(void* opaque) {
    const auto& start = *static_cast<const Start*>(opaque);
    // The name only helps those who look at the process: failing to set it changes nothing.
    (void)pthread_setname_np(pthread_self(), start.name.data());
    StackMonitor::attach_thread(start.lowest, start.stack_bytes, start.measure_every);
    start.run(start.argument);
    return nullptr;
  }
};

namespace {

constexpr size_t kSanitizedStackBytesMin = size_t{4} << 20;

// pthread_create for a stack of ours, with every signal blocked from the first instruction on.
int create_thread(pthread_t* handle, void* lowest, size_t stack_bytes, void* (*enter)(void*),
                  void* start) {
  pthread_attr_t attributes;
  if (const int error = pthread_attr_init(&attributes); error != 0) return error;
  sigset_t all;
  sigfillset(&all);
  int error = pthread_attr_setstack(&attributes, lowest, stack_bytes);
  if (error == 0) error = pthread_attr_setsigmask_np(&attributes, &all);
  if (error == 0) error = pthread_create(handle, &attributes, enter, start);
  pthread_attr_destroy(&attributes);
  return error;
}

}  // namespace

Thread::Thread() = default;

Thread::Thread(Thread&& other) noexcept
    : handle_(other.handle_),
      mapping_(std::exchange(other.mapping_, nullptr)),
      mapping_bytes_(std::exchange(other.mapping_bytes_, 0)),
      start_(std::move(other.start_)) {}

Thread& Thread::operator=(Thread&& other) noexcept {
  if (this == &other) return *this;
  if (mapping_ != nullptr) std::abort();  // Would unmap the stack of a running thread.
  handle_ = other.handle_;
  mapping_ = std::exchange(other.mapping_, nullptr);
  mapping_bytes_ = std::exchange(other.mapping_bytes_, 0);
  start_ = std::move(other.start_);
  return *this;
}

Thread::~Thread() {
  if (mapping_ != nullptr) std::abort();  // As above.
}

Result<Thread> Thread::start(const Options& options, void (*run)(void*), void* argument) {
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  if (options.stack_bytes < limits::kThreadStackBytesMin) return Status(EINVAL, "stack too small");
  if (options.stack_bytes % page != 0) return Status(EINVAL, "stack is not a number of pages");
  const size_t stack_bytes =
      kSanitized ? std::max(options.stack_bytes, kSanitizedStackBytesMin) : options.stack_bytes;
  std::unique_ptr<Start> start(new (std::nothrow) Start{});
  if (start == nullptr) return Status(ENOMEM, "thread start block");
  const size_t name_bytes = ::strnlen(options.name, start->name.size());
  if (name_bytes == start->name.size()) return Status(EINVAL, "thread name too long");

  // The guard lies below: a stack grows down into it and faults instead of into its neighbour.
  const size_t mapping_bytes = page + stack_bytes;
  if (mapping_bytes < stack_bytes) return Status(EINVAL, "stack too large");
  void* mapping = ::mmap(nullptr, mapping_bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return errno_status("mmap thread stack");
  void* const lowest = static_cast<char*>(mapping) + page;
  int error = ::mprotect(mapping, page, PROT_NONE) == 0 ? 0 : errno;

  Thread thread;
  if (error == 0) {
    std::memcpy(start->name.data(), options.name, name_bytes);
    start->run = run;
    start->argument = argument;
    start->lowest = lowest;
    start->stack_bytes = stack_bytes;
    start->measure_every = options.measure_every;
    error = create_thread(&thread.handle_, lowest, stack_bytes, &Start::enter, start.get());
  }
  if (error != 0) {
    ::munmap(mapping, mapping_bytes);
    return Status(error, "start thread");
  }
  thread.mapping_ = mapping;
  thread.mapping_bytes_ = mapping_bytes;
  thread.start_ = std::move(start);
  return thread;
}

void Thread::join() {
  if (mapping_ == nullptr) return;
  // It fails where a thread joins itself, or where the handle is no thread's.
  if (pthread_join(handle_, nullptr) != 0) std::abort();
  ::munmap(mapping_, mapping_bytes_);
  mapping_ = nullptr;
  mapping_bytes_ = 0;
  start_.reset();
}

}  // namespace vexfs
