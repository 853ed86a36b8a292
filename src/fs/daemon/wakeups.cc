// /dev/cpu_dma_latency takes a binary int, the microseconds that its descriptor's owner tolerates.
#include "fs/daemon/wakeups.h"

#include <fcntl.h>
#include <unistd.h>

namespace vexfs::fs {
namespace {

constexpr int kAtOnce = 0;
constexpr int kNoWish = 2000000000;  // PM_QOS_CPU_LATENCY_DEFAULT_VALUE.

}  // namespace

void Wakeups::enable() {
  device_.reset(::open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC));
  if (device_.valid()) write_latency(kNoWish);
}

void Wakeups::write_latency(int microseconds) {
  if (::write(device_.get(), &microseconds, sizeof(microseconds)) < 0) device_.reset();
}

void Wakeups::hold() {
  if (!enabled() || holding_) return;
  write_latency(kAtOnce);
  holding_ = true;
}

void Wakeups::release() {
  if (!enabled() || !holding_) return;
  write_latency(kNoWish);
  holding_ = false;
}

}  // namespace vexfs::fs
