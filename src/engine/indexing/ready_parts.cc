// A queue that is bounded by what is in its parts.
#include "engine/indexing/ready_parts.h"

#include <utility>

#include "base/limits.h"

namespace vexfs::engine {

bool ReadyParts::push(std::vector<TextPart>& parts) {
  std::unique_lock lock(mutex_);
  for (TextPart& part : parts) {
    room_.wait(lock, [this] { return stopped_ || weight_ < limits::kReadyPassagesMax; });
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
    const std::lock_guard lock(mutex_);
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
  const std::lock_guard lock(mutex_);
  return parts_.empty();
}

void ReadyParts::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  room_.notify_all();
}

}  // namespace vexfs::engine
