// Both the contention and the client's CPU are read from proc(5).
#include "fs/requests/pacing.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <system_error>

#include "base/fd.h"

namespace vexfs::fs {
namespace {

// Contention is checked once in so many requests, because a check costs three system calls.
constexpr uint32_t kCheckEvery = 64;
// So many crowded checks in a row are contention. One alone may have met a short-lived thread.
constexpr uint32_t kCrowdedChecks = 2;
// From then on so many requests are served without polling.
constexpr uint32_t kContendedFor = 2048;
constexpr uint64_t kSliceNanoseconds = 100000;
constexpr int kCpuField = 39;  // "processor" in proc(5) stat, counted from 1.

struct SchedAttr {  // struct sched_attr, sched_setattr(2), version 0.
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
};
static_assert(sizeof(SchedAttr) == 48);

constexpr size_t kTextBytes = 512;

// Reads the beginning of a file of proc(5). Returns the bytes read, 0 when it cannot be read.
size_t read_text(const char* path, char (&text)[kTextBytes]) {
  const Fd fd(::open(path, O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return 0;
  const ssize_t bytes = ::read(fd.get(), text, sizeof(text));
  return bytes > 0 ? static_cast<size_t>(bytes) : 0;
}

}  // namespace

Pacing::Pacing() : cpus_(::sysconf(_SC_NPROCESSORS_ONLN)) {
  if (::sched_getaffinity(0, sizeof(allowed_), &allowed_) != 0) CPU_ZERO(&allowed_);
  SchedAttr attributes = {};
  attributes.size = sizeof(attributes);
  if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0) return;
  attributes.runtime = kSliceNanoseconds;
  (void)::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

void Pacing::served(pid_t client) {
  if (contended_for_ > 0 && --contended_for_ == 0) roam();
  if (++requests_ % kCheckEvery != 0) return;
  crowded_checks_ = is_crowded() ? crowded_checks_ + 1 : 0;
  if (crowded_checks_ >= kCrowdedChecks) contended_for_ = kContendedFor;
  if (contended_for_ > 0) follow(client);
}

bool Pacing::is_crowded() const {
  char text[kTextBytes];
  const size_t bytes = read_text("/proc/loadavg", text);
  return runnable_of_loadavg(text, bytes) > cpus_;
}

void Pacing::follow(pid_t client) {
  char path[32] = "/proc/";
  char* end = std::to_chars(path + 6, path + sizeof(path) - 6, client).ptr;
  std::memcpy(end, "/stat", sizeof("/stat"));
  char text[kTextBytes];
  const size_t bytes = read_text(path, text);
  const int cpu = cpu_of_stat(text, bytes);
  if (cpu < 0 || cpu >= CPU_SETSIZE || cpu == followed_cpu_ || !CPU_ISSET(cpu, &allowed_)) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  if (::sched_setaffinity(0, sizeof(one), &one) == 0) followed_cpu_ = cpu;
}

void Pacing::roam() {
  if (followed_cpu_ < 0) return;
  (void)::sched_setaffinity(0, sizeof(allowed_), &allowed_);
  followed_cpu_ = -1;
}

int runnable_of_loadavg(const char* text, size_t bytes) {
  // "0.20 0.18 0.12 1/80 11206": the fourth field is runnable/all.
  const char* end = text + bytes;
  const char* at = text;
  for (int field = 1; field < 4; ++field) {
    at = static_cast<const char*>(std::memchr(at, ' ', static_cast<size_t>(end - at)));
    if (at == nullptr) return -1;
    ++at;
  }
  int runnable = -1;
  const auto parsed = std::from_chars(at, end, runnable);
  return parsed.ec == std::errc() && parsed.ptr != end && *parsed.ptr == '/' ? runnable : -1;
}

int cpu_of_stat(const char* text, size_t bytes) {
  // The second field is the command in parentheses and may hold anything, also parentheses.
  const char* end = text + bytes;
  const auto* at = static_cast<const char*>(::memrchr(text, ')', bytes));
  if (at == nullptr) return -1;
  for (int field = 2; field < kCpuField; ++field) {
    at = static_cast<const char*>(std::memchr(at, ' ', static_cast<size_t>(end - at)));
    if (at == nullptr) return -1;
    ++at;
  }
  int cpu = -1;
  return std::from_chars(at, end, cpu).ec == std::errc() ? cpu : -1;
}

}  // namespace vexfs::fs
