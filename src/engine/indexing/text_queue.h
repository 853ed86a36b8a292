// TextQueue: files that wait to be read, and those that are being read or put.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_QUEUE_H_
#define VEXFS_ENGINE_INDEXING_TEXT_QUEUE_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/mutex.h"
#include "engine/indexing/text_job.h"

namespace vexfs::engine {

// A file is in hand from push() to finish(), and only once: a file that is pushed meanwhile is read
// again after that. Files that changed come before those that a scan found.
//
// Threads: all methods may run at once. Its mutex is a leaf.
class TextQueue {
 public:
  enum class Lane { kChanged, kScanned };
  enum class Pushed { kYes, kInHand, kFull, kStopped };
  // kFull: the lane holds limits::kTextJobsMax files. With `wait` it waits for room instead.
  Pushed push(TextJob job, Lane lane, bool wait);
  // The next file to read. Nullopt if there is none; with `wait` it waits for one, until stop().
  std::optional<TextJob> take(bool wait);
  // The file is no longer in hand. True: it was pushed again meanwhile, and has to be read once
  // more.
  bool finish(const store::ObjectKey& key);
  bool in_hand(const store::ObjectKey& key) const;
  size_t size() const;  // Files in hand, with those that wait.
  void stop();          // Ends all waits. From now on nothing is pushed or taken.

 private:
  std::deque<TextJob>& lane_of(Lane lane) REQUIRES(mutex_) {
    return lane == Lane::kChanged ? changed_ : scanned_;
  }

  mutable Mutex mutex_;
  CondVar room_;  // A lane has room, or stop().
  CondVar work_;  // A lane has a file, or stop().
  std::deque<TextJob> changed_ GUARDED_BY(mutex_);
  std::deque<TextJob> scanned_ GUARDED_BY(mutex_);
  // By key; true: the file was pushed again.
  std::unordered_map<std::string, bool> in_hand_ GUARDED_BY(mutex_);
  bool stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_QUEUE_H_
