// Two lanes of jobs and the set of keys in hand.
#include "engine/indexing/text_queue.h"

#include <utility>

#include "base/limits.h"

namespace vexfs::engine {

TextQueue::Pushed TextQueue::push(TextJob job, Lane lane, bool wait) {
  MutexLock lock(mutex_);
  std::deque<TextJob>& jobs = lane_of(lane);
  for (;;) {
    if (stopped_) return Pushed::kStopped;
    if (const auto found = in_hand_.find(std::string(job.key.view())); found != in_hand_.end()) {
      // A job for words only adds nothing: the file is read now, with its words.
      found->second = found->second || !job.words_only;
      return Pushed::kInHand;
    }
    if (jobs.size() < limits::kTextJobsMax) break;
    if (!wait) return Pushed::kFull;
    room_.wait(lock);
  }
  in_hand_.emplace(job.key.view(), false);
  jobs.push_back(std::move(job));
  work_.notify_one();
  return Pushed::kYes;
}

std::optional<TextJob> TextQueue::take(bool wait) {
  MutexLock lock(mutex_);
  while (wait && !stopped_ && changed_.empty() && scanned_.empty()) work_.wait(lock);
  std::deque<TextJob>& jobs = changed_.empty() ? scanned_ : changed_;
  if (stopped_ || jobs.empty()) return std::nullopt;
  TextJob job = std::move(jobs.front());
  jobs.pop_front();
  room_.notify_one();
  return job;
}

bool TextQueue::finish(const store::ObjectKey& key) {
  const MutexLock lock(mutex_);
  const auto found = in_hand_.find(std::string(key.view()));
  if (found == in_hand_.end()) return false;
  const bool again = found->second;
  in_hand_.erase(found);
  return again;
}

bool TextQueue::in_hand(const store::ObjectKey& key) const {
  const MutexLock lock(mutex_);
  return in_hand_.contains(std::string(key.view()));
}

size_t TextQueue::size() const {
  const MutexLock lock(mutex_);
  return in_hand_.size();
}

void TextQueue::stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  room_.notify_all();
  work_.notify_all();
}

}  // namespace vexfs::engine
