// TextQueue: files that wait to be read, and those in hand.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_QUEUE_H_
#define VEXFS_ENGINE_INDEXING_TEXT_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/indexing/text_job.h"

namespace vexfs::engine {

// A file is in hand from push() to finish(), and only once: what is pushed meanwhile is read again
// after that. Files that changed come before those of a scan.
//
// Threads: all methods may run at once. Its mutex is a leaf.
class TextQueue {
 public:
  enum class Lane { kChanged, kScanned };
  enum class Pushed { kYes, kInHand, kFull, kStopped };
  // kFull at limits::kTextJobsMax of the lane; with `wait` it waits for room.
  Pushed push(TextJob job, Lane lane, bool wait);
  // Nullopt when there is none, or with `wait` once it is stopped.
  std::optional<TextJob> take(bool wait);
  // True: it was pushed again meanwhile, and has to be read once more.
  bool finish(const store::ObjectKey& key);
  bool in_hand(const store::ObjectKey& key) const;
  size_t size() const;  // In hand, those that wait included.
  void stop();          // Everyone that waits goes on, and nothing is pushed or taken any more.

 private:
  std::deque<TextJob>& lane_of(Lane lane) { return lane == Lane::kChanged ? changed_ : scanned_; }

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable work_;
  std::deque<TextJob> changed_;
  std::deque<TextJob> scanned_;
  std::unordered_map<std::string, bool> in_hand_;  // By key; true: pushed again.
  bool stopped_ = false;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_QUEUE_H_
