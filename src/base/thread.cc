// Stacks of our own: mmap, guard page, alternate stack, and a thread that starts with its signals
// blocked.
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
  size_t alternate_bytes;  // They lie above the stack.
  uint32_t measure_every;
  std::array<char, 16> name;  // TASK_COMM_LEN, terminator included.

  // For the handler of FaultWatch: a signal frame may be larger than the stack. Where it cannot be
  // had, the handler runs on the stack itself.
  static void take_alternate_stack(const Start& start) {
    if (start.alternate_bytes == 0) return;
    stack_t alternate = {};
    alternate.ss_sp = static_cast<char*>(start.lowest) + start.stack_bytes;
    alternate.ss_size = start.alternate_bytes;
    (void)::sigaltstack(&alternate, nullptr);
  }

  static void* enter(void* opaque) {
    const auto& start = *static_cast<const Start*>(opaque);
    // The name only helps those who look at the process: failing to set it changes nothing.
    (void)pthread_setname_np(pthread_self(), start.name.data());
    take_alternate_stack(start);
    StackMonitor::attach_thread(start.lowest, start.stack_bytes, start.measure_every);
    start.run(start.argument);
    return nullptr;
  }
};

namespace {

constexpr size_t kSanitizedStackBytesMin = size_t{4} << 20;
constexpr size_t kHandlerBytes = 4096;

// Room for one signal frame of this CPU and a handler's own. Sanitizers bring stacks of their own.
size_t alternate_stack_bytes(size_t page) {
  if (kSanitized) return 0;
  const auto frame = static_cast<size_t>(std::max<long>(::sysconf(_SC_MINSIGSTKSZ), 0));
  return (frame + kHandlerBytes + page - 1) / page * page;
}

// pthread_create for a stack of ours. From the first instruction on every signal is blocked but
// SIGBUS: one that is raised by an access to memory and is blocked ends the process (signal(7)).
int create_thread(pthread_t* handle, void* lowest, size_t stack_bytes, void* (*enter)(void*),
                  void* start) {
  pthread_attr_t attributes;
  if (const int error = pthread_attr_init(&attributes); error != 0) return error;
  sigset_t blocked;
  sigfillset(&blocked);
  sigdelset(&blocked, SIGBUS);
  int error = pthread_attr_setstack(&attributes, lowest, stack_bytes);
  if (error == 0) error = pthread_attr_setsigmask_np(&attributes, &blocked);
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
  const size_t alternate_bytes = alternate_stack_bytes(page);
  const size_t mapping_bytes = page + stack_bytes + alternate_bytes;
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
    start->alternate_bytes = alternate_bytes;
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
