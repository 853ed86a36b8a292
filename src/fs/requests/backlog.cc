// A thread's sleeps are its voluntary context switches, ru_nvcsw of getrusage(2).
#include "fs/requests/backlog.h"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace vexfs::fs {
namespace {

constexpr int64_t kFewCpus = 2;
// So many requests in a row that were waiting already are a backlog.
constexpr uint32_t kBacklog = 2;
// Sleeps are counted once in so many requests of a backlog, because that costs a system call.
constexpr uint32_t kLookEvery = 8;
// A thread that slept so often between two counts sleeps in its requests.
constexpr int64_t kSleepsMany = 2;
// After that, help is called for so many times without counting again.
constexpr uint32_t kCallsAtOnce = 256;

int64_t sleeps_of_thread() {
  rusage usage;
  return ::getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nvcsw : 0;
}

}  // namespace

bool Backlog::machine_has_spare_cpus() { return ::sysconf(_SC_NPROCESSORS_ONLN) > kFewCpus; }

bool Backlog::wants_help(bool was_waiting) {
  waiting_ = was_waiting ? waiting_ + 1 : 0;
  if (waiting_ < kBacklog) return false;
  if (shared_.spare_cpus) return true;
  const uint32_t calls = shared_.calls.load(std::memory_order_relaxed);
  if (calls > 0) {
    shared_.calls.store(calls - 1, std::memory_order_relaxed);
    return true;
  }
  if ((waiting_ - kBacklog) % kLookEvery != 0) return false;
  const int64_t before = std::exchange(sleeps_, sleeps_of_thread());
  const bool sleepy = waiting_ > kBacklog && sleeps_ - before >= kSleepsMany;
  if (sleepy) shared_.calls.store(kCallsAtOnce, std::memory_order_relaxed);
  return sleepy;
}

}  // namespace vexfs::fs
