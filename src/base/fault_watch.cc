// The handler of SIGBUS and the table of ranges that it looks into. The table is of atomics, as a
// handler may take no lock; mmap(2) is a plain system call, which is all that it needs.
#include "base/fault_watch.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

#include "base/limits.h"
#include "base/mutex.h"

namespace vexfs {
namespace {

struct Range {
  std::atomic<uintptr_t> begin{0};  // 0: nothing is watched here.
  std::atomic<uintptr_t> end{0};
  std::atomic<bool> faulted{false};
};

std::array<Range, limits::kFaultWatchesMax> watched;
std::atomic<uint32_t> watched_end{0};  // No range is in use from here on.
std::atomic<bool> any{false};          // A page of some range could not be read.
Mutex changing;                        // Held to begin and to end a watch.
bool has_handler GUARDED_BY(changing) = false;
struct sigaction action_before;
uintptr_t page_bytes = 0;

Range* range_with(uintptr_t address) {
  const uint32_t end = watched_end.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < end; ++i) {
    Range& range = watched[i];
    if (address >= range.begin.load(std::memory_order_acquire) &&
        address < range.end.load(std::memory_order_acquire)) {
      return &range;
    }
  }
  return nullptr;
}

void on_bus_error(int signal, siginfo_t* info, void* /*context*/) {
  const int kept = errno;
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  Range* const range = range_with(address);
  void* const page = reinterpret_cast<void*>(address / page_bytes * page_bytes);
  if (range != nullptr && ::mmap(page, page_bytes, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
    range->faulted.store(true, std::memory_order_release);
    any.store(true, std::memory_order_release);
    errno = kept;
    return;
  }
  // Not ours: the access is made again, and meets whoever was there before.
  (void)::sigaction(signal, &action_before, nullptr);
  errno = kept;
}

Status set_handler() REQUIRES(changing) {
  if (has_handler) return {};
  page_bytes = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  struct sigaction action = {};
  action.sa_sigaction = &on_bus_error;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigfillset(&action.sa_mask);
  if (::sigaction(SIGBUS, &action, &action_before) != 0) return errno_status("watch for SIGBUS");
  has_handler = true;
  return {};
}

}  // namespace

Result<FaultWatch> FaultWatch::start(const void* base, size_t bytes) {
  const MutexLock lock(changing);
  VEXFS_CHECK_OK(set_handler());
  const auto begin = reinterpret_cast<uintptr_t>(base);
  for (uint32_t i = 0; i < watched.size(); ++i) {
    Range& range = watched[i];
    if (range.begin.load(std::memory_order_relaxed) != 0) continue;
    range.faulted.store(false, std::memory_order_relaxed);
    range.end.store(begin + bytes, std::memory_order_relaxed);
    range.begin.store(begin, std::memory_order_release);
    if (i >= watched_end.load(std::memory_order_relaxed)) {
      watched_end.store(i + 1, std::memory_order_release);
    }
    return FaultWatch(i);
  }
  return Status(ENOSPC, "too many mapped files are watched");
}

FaultWatch::~FaultWatch() {
  if (range_ == kNone) return;
  const MutexLock lock(changing);
  watched[range_].end.store(0, std::memory_order_relaxed);
  watched[range_].begin.store(0, std::memory_order_release);
}

bool FaultWatch::any_faulted() { return any.load(std::memory_order_acquire); }

bool FaultWatch::faulted() const {
  return range_ != kNone && watched[range_].faulted.load(std::memory_order_acquire);
}

}  // namespace vexfs
