// ReadyParts: documents that were read, until the keeper puts them.
#ifndef VEXFS_ENGINE_INDEXING_READY_PARTS_H_
#define VEXFS_ENGINE_INDEXING_READY_PARTS_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

#include "engine/indexing/text_job.h"

namespace vexfs::engine {

// Holds parts of limits::kReadyPassagesMax passages (each part counts as one more); then whoever
// brings waits. Parts of one document keep their order.
//
// Threads: all methods may run at once. Its mutex is a leaf.
class ReadyParts {
 public:
  // False once it is stopped. The parts are gone either way.
  bool push(std::vector<TextPart>& parts);
  // Parts of at most so many passages, but one at least where there is one.
  std::vector<TextPart> take(size_t passages);
  bool empty() const;
  void stop();

 private:
  static size_t weight(const TextPart& part) { return part.passages.size() + 1; }

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::deque<TextPart> parts_;
  size_t weight_ = 0;
  bool stopped_ = false;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_READY_PARTS_H_
