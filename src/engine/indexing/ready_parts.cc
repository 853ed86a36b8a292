// A deque and the sum of its weights.
#include "engine/indexing/ready_parts.h"

#include <utility>

#include "base/limits.h"

namespace vexfs::engine {

bool ReadyParts::push(std::vector<TextPart>& parts) {
  MutexLock lock(mutex_);
  // Waits for each part by itself: a batch may be larger than the room.
  for (TextPart& part : parts) {
    while (!stopped_ && weight_ >= limits::kReadyPassagesMax) room_.wait(lock);
    if (stopped_) break;
    weight_ += weight(part);
    parts_.push_back(std::move(part));
  }
  parts.clear();
  return !stopped_;
}

std::vector<TextPart> ReadyParts::take(size_t passages) {
  std::vector<TextPart> taken;
  {
    const MutexLock lock(mutex_);
    size_t sum = 0;
    while (!parts_.empty() && (taken.empty() || sum + weight(parts_.front()) <= passages)) {
      sum += weight(parts_.front());
      taken.push_back(std::move(parts_.front()));
      parts_.pop_front();
    }
    weight_ -= sum;
  }
  room_.notify_all();
  return taken;
}

bool ReadyParts::empty() const {
  const MutexLock lock(mutex_);
  return parts_.empty();
}

void ReadyParts::stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  room_.notify_all();
}

}  // namespace vexfs::engine
