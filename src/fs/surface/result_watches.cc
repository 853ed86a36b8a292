// A watch keeps the results as they were last reported and as they are, and its text is the
// difference.
//
// tidy: allow sort: on workers and the watching thread, whose stacks are large
#include "fs/surface/result_watches.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "base/guarded.h"

namespace vexfs::fs {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kPause{limits::kWatchPauseMs};
constexpr Milliseconds kPauseMax{limits::kWatchPauseMaxMs};
// The thread pauses for so many times as long as its last look took.
constexpr int kShare = 10;

void append_lines(std::string& text, char sign, const std::vector<std::string>& from,
                  const std::vector<std::string>& without) {
  for (const std::string& path : from) {
    if (std::binary_search(without.begin(), without.end(), path)) continue;
    text.append(1, sign).append(path).append(1, '\n');
  }
}

}  // namespace

ResultWatch::ResultWatch(WatchedQuestion question, std::vector<std::string> paths)
    : question_(std::move(question)), told_(std::move(paths)) {
  std::sort(told_.begin(), told_.end());
}

ResultWatch::~ResultWatch() {
  if (handle_ != nullptr) ::fuse_pollhandle_destroy(handle_);
}

bool ResultWatch::update(std::vector<std::string> paths) {
  std::sort(paths.begin(), paths.end());
  fuse_pollhandle* waiting = nullptr;
  {
    MutexLock lock(mutex_);
    if (position_ > 0) {
      if (has_unread()) return false;
      told_ = std::move(now_);
      text_.clear();
      position_ = 0;
    }
    text_.clear();
    append_lines(text_, '+', paths, told_);
    append_lines(text_, '-', told_, paths);
    now_ = std::move(paths);
    if (has_unread()) std::swap(waiting, handle_);
  }
  if (waiting != nullptr) {
    (void)::fuse_lowlevel_notify_poll(waiting);
    ::fuse_pollhandle_destroy(waiting);
  }
  return true;
}

size_t ResultWatch::read(std::span<char> out) {
  MutexLock lock(mutex_);
  const size_t bytes = std::min(out.size(), text_.size() - position_);
  std::memcpy(out.data(), text_.data() + position_, bytes);
  position_ += bytes;
  return bytes;
}

bool ResultWatch::poll(fuse_pollhandle* handle) {
  bool readable = false;
  {
    MutexLock lock(mutex_);
    if (handle != nullptr) std::swap(handle, handle_);
    readable = has_unread();
  }
  if (handle != nullptr) ::fuse_pollhandle_destroy(handle);
  return readable;
}

ResultWatches::ResultWatches(SurfaceHost& host) : host_(host) {
  watches_.reserve(limits::kResultWatchesMax);
}

Result<std::shared_ptr<ResultWatch>> ResultWatches::open(WatchedQuestion question,
                                                         std::vector<std::string> paths) {
  auto watch = std::make_shared<ResultWatch>(std::move(question), std::move(paths));
  MutexLock lock(mutex_);
  if (watches_.size() >= limits::kResultWatchesMax || stopping_) {
    return Status(EMFILE, "limits::kResultWatchesMax results are watched");
  }
  if (!thread_.has_value()) {
    VEXFS_TRY(thread, Thread::start<&ResultWatches::run>(
                          {"vexfs-watch", limits::kSurfaceStackBytes, 0}, this));
    thread_.emplace(std::move(thread));
  }
  watches_.push_back(watch);
  look_again_ = true;
  changed_.notify_one();
  return watch;
}

void ResultWatches::close(const std::shared_ptr<ResultWatch>& watch) {
  MutexLock lock(mutex_);
  std::erase(watches_, watch);
}

void ResultWatches::stop() {
  std::optional<Thread> thread;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    thread.swap(thread_);
  }
  changed_.notify_one();
  if (thread.has_value()) thread->join();
}

void ResultWatches::look() {
  const uint64_t generation = host_.generation();
  std::vector<std::shared_ptr<ResultWatch>> watches;
  {
    MutexLock lock(mutex_);
    if (generation == seen_ && !look_again_) return;
    seen_ = generation;
    look_again_ = false;
    watches = watches_;
  }
  for (const auto& watch : watches) {
    // A failed search, perhaps of a directory that is gone, is no change of results.
    auto found = host_.watched_paths(watch->question());
    if (!found.ok() || watch->update(std::move(found).value())) continue;
    MutexLock lock(mutex_);
    look_again_ = true;
  }
}

void ResultWatches::run() {
  using Clock = std::chrono::steady_clock;
  Milliseconds pause = kPause;
  MutexLock lock(mutex_);
  while (!stopping_) {
    if (watches_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto next = Clock::now() + pause;
    while (!stopping_ && changed_.wait_until(lock, next) != std::cv_status::timeout) {
    }
    if (stopping_) break;
    lock.unlock();
    const auto began = Clock::now();
    // A look that runs out of memory reports nothing; the next one does.
    (void)guarded([&] {
      look();
      return Status();
    });
    const auto took = std::chrono::duration_cast<Milliseconds>(Clock::now() - began);
    pause = std::clamp(took * kShare, kPause, kPauseMax);
    lock.lock();
  }
}

}  // namespace vexfs::fs
