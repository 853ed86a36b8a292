// The request loop.
#include "fs/requests/reader_pool.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/limits.h"
#include "base/log.h"
#include "base/stack_monitor.h"
#include "fs/backing/caller.h"
#include "fs/reply_buffer.h"
#include "fs/requests/handlers.h"
#include "fs/requests/pacing.h"
#include "fs/requests/raw_requests.h"

namespace vexfs::fs {
namespace {

// The next request of a client that waits for each answer comes 2-15 us after the last.
constexpr uint64_t kPollNanoseconds = 20000;
// What libfuse adds to the data of the largest request (FUSE_BUFFER_HEADER_SIZE).
constexpr size_t kRequestBytesMax = limits::kDataBytesMax + 4096;

abi::InHeader header_of(const char* request) {
  abi::InHeader header;
  std::memcpy(&header, request, sizeof(header));
  return header;
}

bool may_take_long(const abi::InHeader& header) {
  // What takes long in the surface is done by its workers.
  if (is_surface(NodeId{header.nodeid})) return false;
  switch (header.opcode) {
    case FUSE_READ:
    case FUSE_WRITE:
    case FUSE_FSYNC:
    case FUSE_FSYNCDIR:
    case FUSE_FLUSH:
    case FUSE_FALLOCATE:
    case FUSE_COPY_FILE_RANGE:
    case FUSE_LSEEK:
    case FUSE_GETLK:
    case FUSE_SETLK:
    case FUSE_SETLKW:
      return true;
    default:
      return false;
  }
}

}  // namespace

ReaderPool::ReaderPool(FileSystem& fs, const ReaderOptions& options) : fs_(fs), options_(options) {}

ReaderPool::~ReaderPool() { stop(); }

Status ReaderPool::start(int activity) {
  activity_ = activity;
  device_ = fuse_session_fd(fs_.session);
  stop_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop_.valid()) return errno_status("eventfd");
  threads_.reserve(options_.threads);
  for (uint32_t i = 0; i < options_.threads; ++i) {
    Thread::Options thread{"vexfs-request", options_.stack_bytes, options_.measure_stack_every};
    auto started = Thread::start<&ReaderPool::serve>(thread, this);
    if (!started.ok()) return started.status();
    threads_.push_back(std::move(started).value());
  }
  return {};
}

void ReaderPool::stop() {
  if (threads_.empty()) return;
  fuse_session_exit(fs_.session);
  const uint64_t one = 1;
  (void)!::write(stop_.get(), &one, sizeof(one));
  for (Thread& thread : threads_) thread.join();
  threads_.clear();
}

void ReaderPool::serve() {
  prepare_caller_thread(options_.switch_ids);
  // On the heap, to save the thread's stack.
  const auto pacing = options_.poll_briefly ? std::make_unique<Pacing>() : nullptr;
  void* memory = ::mmap(nullptr, kRequestBytesMax, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED || !allocate_reply_buffer().ok()) {
    log(LogLevel::kError, "no memory for a request thread");
    return end();
  }
  fuse_buf buffer = {};
  buffer.mem = memory;
  for (bool going = true; going;) {
    uint64_t term = 0;
    {
      MutexLock lock(mutex_);
      while (!lead_is_free_ && !ended()) followers_.wait(lock);
      if (ended()) break;
      lead_is_free_ = false;
      term = term_.fetch_add(1) + 1;
    }
    going = lead(buffer, pacing.get(), term);
  }
  end();
  free_reply_buffer();
  ::munmap(memory, kRequestBytesMax);
}

bool ReaderPool::lead(fuse_buf& buffer, Pacing* pacing, uint64_t term) {
  Backlog backlog(backlog_);
  while (term_.load(std::memory_order_acquire) == term) {
    bool was_waiting = false;
    const ssize_t bytes = receive(static_cast<char*>(buffer.mem), pacing, was_waiting);
    if (bytes == -EINTR || bytes == -EAGAIN || bytes == -ENOENT) continue;
    if (bytes <= 0) return false;
    auto* request = static_cast<char*>(buffer.mem);
    const abi::InHeader header = header_of(request);
    // A RELEASE gives up locks, and close(2) does not wait for it. The leader serves it before it
    // reads the next request, so that a client that asks for the same lock next finds it free.
    const bool gives_back = header.opcode == FUSE_RELEASE && fs_.locks != nullptr;
    const bool helps = backlog.wants_help(was_waiting) || may_take_long(header);
    const bool keeps_lead = gives_back || !helps;
    const uint64_t number = served_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (announce_.load(std::memory_order_relaxed)) announce();
    if (keeps_lead) {
      serving_since_.store(number, std::memory_order_relaxed);
    } else if (options_.threads > 1) {
      pass_lead(term);
    }
    buffer.size = static_cast<size_t>(bytes);
    fs_.latencies.begin();
    StackMonitor::probe_begin();
    if (!preview_request(fs_, request, buffer.size)) {
      fuse_session_process_buf(fs_.session, &buffer);
    }
    fs_.latencies.end();
    StackMonitor::probe_end();
    if (pacing != nullptr) pacing->served(static_cast<pid_t>(header.pid));
    // Only the leader clears the mark, because after a relief it belongs to the next leader.
    if (term_.load(std::memory_order_acquire) == term) {
      serving_since_.store(0, std::memory_order_relaxed);
    }
    if (fuse_session_exited(fs_.session)) return false;
  }
  return true;
}

ssize_t ReaderPool::receive(char* memory, const Pacing* pacing, bool& was_waiting) {
  // The device is non-blocking: a read shows at once whether a request waits.
  ssize_t got = ::read(device_, memory, kRequestBytesMax);
  if (got >= 0 || errno != EAGAIN) {
    was_waiting = true;
    return got >= 0 ? got : -errno;
  }
  if (pacing != nullptr && pacing->polls()) {
    const uint64_t until = monotonic_nanoseconds() + kPollNanoseconds;
    do {
      got = ::read(device_, memory, kRequestBytesMax);
      if (got >= 0 || errno != EAGAIN) return got >= 0 ? got : -errno;
    } while (monotonic_nanoseconds() < until);
  }
  pollfd waiting[2] = {{device_, POLLIN, 0}, {stop_.get(), POLLIN, 0}};
  if (::poll(waiting, 2, -1) < 0) return -errno;
  if (waiting[1].revents != 0) return -ECANCELED;
  got = ::read(device_, memory, kRequestBytesMax);
  return got >= 0 ? got : -errno;
}

void ReaderPool::pass_lead(uint64_t term) {
  {
    MutexLock lock(mutex_);
    if (term_.load(std::memory_order_relaxed) != term) return;
    term_.fetch_add(1, std::memory_order_release);  // Ends the caller's term.
    serving_since_.store(0, std::memory_order_relaxed);
    lead_is_free_ = true;
  }
  followers_.notify_one();
}

void ReaderPool::relieve_stuck_leader() {
  const uint64_t serving = serving_since_.load(std::memory_order_relaxed);
  const bool stuck = serving != 0 && serving == last_seen_serving_;
  last_seen_serving_ = serving;
  if (stuck) pass_lead(term_.load());
}

void ReaderPool::announce() {
  announce_.store(false, std::memory_order_relaxed);
  const uint64_t one = 1;
  (void)!::write(activity_, &one, sizeof(one));
}

void ReaderPool::end() {
  {
    MutexLock lock(mutex_);
    ended_.store(true);
  }
  followers_.notify_all();
  announce();
}

}  // namespace vexfs::fs
