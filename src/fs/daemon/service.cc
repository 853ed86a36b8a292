// The main thread's loop.
#include "fs/daemon/service.h"

#include <malloc.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>

#include "base/log.h"
#include "fs/requests/surface_reports.h"

namespace vexfs::fs {
namespace {

constexpr int kTickMilliseconds = 5;
// So many requests in one tick are a burst. Single requests of a desktop stay below it.
constexpr uint64_t kBurstRequests = 8;
// After so many ticks with fewer requests the burst is over, and the mount is idle, respectively.
constexpr int kQuietTicksToRelease = 4;
constexpr int kQuietTicksToIdle = 200;

void drain(int event_fd) {
  uint64_t count = 0;
  (void)!::read(event_fd, &count, sizeof(count));
}

}  // namespace

Service::Service(FileSystem& fs, ReaderPool& readers, const MountOptions& options)
    : fs_(fs), readers_(readers), options_(options) {}

sigset_t Service::ending_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGHUP);
  return signals;
}

void Service::block_signals() {
  const sigset_t signals = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

Status Service::start() {
  const sigset_t signals = ending_signals();
  signals_.reset(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  activity_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!signals_.valid() || !activity_.valid()) return errno_status("service descriptors");
  if (fs_.reports.ready_fd() < 0 || fs_.surface.workers().start_fd() < 0) {
    return Status(EMFILE, "service descriptors");
  }
  if (options_.quick_wakeups) wakeups_.enable();
  return {};
}

void Service::make_reports() {
  const ReportSources sources = {fs_, options_, wakeups_.enabled()};
  for (const WaitingReport& waiting : fs_.reports.take()) {
    Surface::reply_report(waiting.req, waiting.fi, make_report(sources, waiting.report));
  }
}

bool Service::ended_by_signal() {
  signalfd_siginfo info;
  return ::read(signals_.get(), &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info));
}

int Service::tick() {
  const uint64_t served = readers_.served();
  const uint64_t requests = served - served_at_last_tick_;
  served_at_last_tick_ = served;
  readers_.relieve_stuck_leader();
  if (requests >= kBurstRequests) {
    wakeups_.hold();
    quiet_ticks_ = 0;
    return kTickMilliseconds;
  }
  ++quiet_ticks_;
  if (quiet_ticks_ >= kQuietTicksToRelease) wakeups_.release();
  if (quiet_ticks_ < kQuietTicksToIdle || readers_.serving()) return kTickMilliseconds;
  fs_.backing.close_idle();
  // Path hints of forgotten inodes leave many small free pieces on the heap.
  (void)::malloc_trim(0);
  readers_.announce_next();
  // A request that came between the count above and announce_next() was not announced.
  if (readers_.served() != served) return kTickMilliseconds;
  quiet_ticks_ = 0;
  return -1;
}

void Service::run() {
  int timeout = -1;
  while (!readers_.ended()) {
    std::array<pollfd, 5> waiting = {{{signals_.get(), POLLIN, 0},
                                      {activity_.get(), POLLIN, 0},
                                      {fs_.reports.ready_fd(), POLLIN, 0},
                                      {log_event_fd(), POLLIN, 0},
                                      {fs_.surface.workers().start_fd(), POLLIN, 0}}};
    const int ready = ::poll(waiting.data(), waiting.size(), timeout);
    if (ready < 0 && errno != EINTR) break;
    if (waiting[0].revents != 0 && ended_by_signal()) break;
    if (waiting[2].revents != 0) make_reports();
    if (waiting[3].revents != 0) drain_log();
    if (waiting[4].revents != 0) fs_.surface.workers().start();
    if (waiting[1].revents != 0) {
      drain(activity_.get());
      timeout = kTickMilliseconds;
    } else if (ready == 0) {
      timeout = tick();
    }
  }
  wakeups_.release();
}

}  // namespace vexfs::fs
