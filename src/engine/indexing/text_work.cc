// The shared state behind one mutex, and the keeper's eventfd.
//
// When all is idle is decided from parts that have locks of their own, so each hand-over keeps the
// file on at least one side: a changed key stays in `changed` until the keeper's round has begun;
// the keeper counts as busy until its round has ended and it delays no file; a file stays in the
// queue's hand until the keeper has put its last part.
#include "engine/indexing/text_work.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/log.h"

namespace vexfs::engine {

TextWork::TextWork(tree::Tree& of, VectorStorageManager& in, std::shared_ptr<TextIndex> to,
                   const EngineOptions& given, bool fills_beside)
    : tree(of),
      storage(in),
      index(std::move(to)),
      options(given),
      fills(fills_beside),
      scan_wanted_(!fills_beside && !given.read_only) {}

Status TextWork::prepare() {
  wake_ = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  return wake_.valid() ? Status() : errno_status("eventfd");
}

// --- Stopping

void TextWork::stop() {
  stopping_ = true;
  idlers.set_idle(false);
  queue.stop();
  ready.stop();
  const MutexLock lock(mutex);
  progressed.notify_all();
}

void TextWork::stop_for(Status why) {
  log(LogLevel::kError, "text is no longer indexed", why);
  set_trouble(why);
}

// --- Events of the storage

void TextWork::renamed(store::ObjectId object) {
  if (fills) return;  // The other indexer takes the document back.
  {
    const MutexLock lock(mutex);
    if (renamed_.size() < limits::kChangedKeysMax) {
      renamed_.push_back(object);
    } else {
      renamed_overrun_ = true;
    }
    if (renamed_.size() > 1) return;
  }
  wake_keeper();
}

void TextWork::let_go(store::SpaceId space, std::span<const Slot> slots) {
  if (space == index->space().id) index->words().forget(slots);
}

std::vector<store::ObjectId> TextWork::take_renamed() {
  std::vector<store::ObjectId> objects;
  bool overrun = false;
  {
    const MutexLock lock(mutex);
    objects.swap(renamed_);
    overrun = std::exchange(renamed_overrun_, false);
  }
  if (overrun) request_scan();
  return objects;
}

// --- The keeper's rounds

void TextWork::wake_keeper() {
  // A write fails only when the counter is full, and then the descriptor is readable anyway.
  [[maybe_unused]] const int written = ::eventfd_write(wake_.get(), 1);
}

void TextWork::wait_for_wake(int timeout_ms) {
  pollfd event = {wake_.get(), POLLIN, 0};
  if (!stopping_) (void)::poll(&event, 1, timeout_ms);
}

void TextWork::begin_round() {
  eventfd_t count;
  (void)::eventfd_read(wake_.get(), &count);
  const MutexLock lock(mutex);
  keeper_idle_ = false;
}

void TextWork::end_round(bool delayed) {
  const MutexLock lock(mutex);
  keeper_idle_ = !delayed && renamed_.empty() && !renamed_overrun_;
  const bool idle = is_idle();
  if (idle) {
    busy_since_ = Clock::now();
    finished_before_ = finished_;
  }
  index->set_complete(idle);
  progressed.notify_all();
}

// --- Scans

void TextWork::request_scan() {
  if (fills || options.read_only) return;  // Nobody would scan.
  const MutexLock lock(mutex);
  scan_wanted_ = true;
  scanning_ = true;
  progressed.notify_all();
}

bool TextWork::begin_scan() {
  MutexLock lock(mutex);
  while (!stopping_ && !scan_wanted_) progressed.wait(lock);
  if (stopping_) return false;
  scan_wanted_ = false;
  scanning_ = true;
  return true;
}

void TextWork::end_scan() {
  {
    const MutexLock lock(mutex);
    scanning_ = scan_wanted_;
    progressed.notify_all();
  }
  files_left_ = 0;
  wake_keeper();
}

void TextWork::subtract_files_left(uint64_t files) {
  files_left_ -= std::min(files, files_left_.load());
}

// --- Words that the lexical image lacks

TextQueue::Pushed TextWork::push_words(TextJob job, bool wait) {
  ++words_asked_;
  const auto lane = wait ? TextQueue::Lane::kScanned : TextQueue::Lane::kChanged;
  const TextQueue::Pushed pushed = queue.push(std::move(job), lane, wait);
  if (pushed != TextQueue::Pushed::kYes) --words_asked_;
  return pushed;
}

void TextWork::set_words_requested() {
  {
    const MutexLock lock(mutex);
    words_lacking_ = false;
    if (options.read_only) scanning_ = false;  // That was all there is to do.
  }
  wake_keeper();
}

bool TextWork::words_are_complete() const {
  const MutexLock lock(mutex);
  return !words_lacking_ && words_asked_ == 0;
}

// --- Trouble

void TextWork::set_trouble(Status status) {
  const MutexLock lock(mutex);
  trouble_ = status;
  progressed.notify_all();
}

Status TextWork::final_trouble() const {
  const MutexLock lock(mutex);
  return is_final(trouble_) ? trouble_ : Status();
}

bool TextWork::is_final(const Status& status) {
  return status.error() == EIO || status.error() == EROFS || status.error() == ENODATA;
}

void TextWork::rest(std::chrono::milliseconds time) {
  MutexLock lock(mutex);
  progressed.wait_for(lock, time, [this] { return stopping_.load(); });
}

bool TextWork::wait_until_queue_is_empty() {
  MutexLock lock(mutex);
  progressed.wait(lock, [this] { return stopping_ || queue.size() == 0; });
  return !stopping_;
}

// --- Callers of the indexer

bool TextWork::is_idle() const {
  return keeper_idle_ && !scanning_ && !words_lacking_ && queue.size() == 0 && changed.empty() &&
         ready.empty();
}

Status TextWork::wait_until_idle() {
  if (stopping_) return Status(EAGAIN, "the index is closing");
  if (waiting_.fetch_add(1) == 0) idlers.set_idle(false);
  hurry_linking();
  MutexLock lock(mutex);
  keeper_idle_ = false;  // The keeper sets it again once it has looked.
  wake_keeper();
  auto next_hurry = Clock::now() + IdleThreads::kHurry / 2;
  while (!stopping_ && trouble_.ok() && !(is_idle() && index->complete())) {
    if (progressed.wait_until(lock, next_hurry) == std::cv_status::no_timeout) continue;
    lock.unlock();
    hurry_linking();
    lock.lock();
    next_hurry = Clock::now() + IdleThreads::kHurry / 2;
  }
  waiting_.fetch_sub(1);
  wake_keeper();  // Its threads may idle again.
  if (is_idle()) return {};
  return trouble_.ok() ? Status(EAGAIN, "the index is closing") : trouble_;
}

void TextWork::hurry() {
  idlers.hurry();
  hurry_linking();
  wake_keeper();
}

// The keeper puts nothing more while too many vectors wait to be linked into the graph.
void TextWork::hurry_linking() { index->space().knn->hurry(); }

TextWork::Progress TextWork::progress() const {
  Progress progress;
  const MutexLock lock(mutex);
  progress.scanning = scanning_;
  progress.waiting = queue.size() + files_left_;
  progress.trouble = trouble_;
  if (is_idle()) return progress;
  const std::chrono::duration<float> busy = Clock::now() - busy_since_;
  const auto done = static_cast<float>(finished_ - finished_before_);
  if (busy.count() < 0.05F || done == 0) return progress;
  progress.files_per_second = done / busy.count();
  progress.seconds_left = static_cast<float>(progress.waiting) / progress.files_per_second;
  return progress;
}

}  // namespace vexfs::engine
