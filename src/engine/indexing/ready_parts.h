// ReadyParts: parts of documents that workers have read and the keeper has yet to put.
#ifndef VEXFS_ENGINE_INDEXING_READY_PARTS_H_
#define VEXFS_ENGINE_INDEXING_READY_PARTS_H_

#include <cstddef>
#include <deque>
#include <vector>

#include "base/mutex.h"
#include "engine/indexing/text_job.h"

namespace vexfs::engine {

// A queue bounded by content: once its parts have limits::kReadyPassagesMax passages (each part
// counts as one more), push() waits. Parts of one document keep their order.
//
// Threads: all methods may run at once. Its mutex is a leaf.
class ReadyParts {
 public:
  // Moves the parts in, one by one. False once it is stopped; `parts` is empty either way.
  bool push(std::vector<TextPart>& parts);
  // The next parts, of at most that many passages; at least one part if there is any.
  std::vector<TextPart> take(size_t passages);
  bool empty() const;
  void stop();  // Ends all waits.

 private:
  static size_t weight(const TextPart& part) { return part.passages.size() + 1; }

  mutable Mutex mutex_;
  CondVar room_;
  std::deque<TextPart> parts_ GUARDED_BY(mutex_);
  size_t weight_ GUARDED_BY(mutex_) = 0;  // Of all parts.
  bool stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_READY_PARTS_H_
