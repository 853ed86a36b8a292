// TextFiller: finds the work of an indexer that fills a space beside another: the documents of the
// other space, which are to be embedded anew.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_FILLER_H_
#define VEXFS_ENGINE_INDEXING_TEXT_FILLER_H_

#include <atomic>
#include <cstdint>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/indexing/text_job.h"
#include "engine/indexing/text_work.h"

namespace vexfs::engine {

// It queues the documents that are fresh in the other space in passes, until one pass moves hardly
// any. It takes the place of TextScanner, as the other index has its own.
//
// Threads: run() belongs to one; the other methods may be called from any.
class TextFiller {
 public:
  // `work` must outlive it.
  explicit TextFiller(TextWork& work) : work_(work) {}

  // Returns once the space is filled, or the work is stopped. Large stack.
  void run();
  // The keeper put this part, with that result. Call it while the file is still in the queue's
  // hand: a pass ends when the queue is empty.
  void finish(const TextPart& part, const Status& status);

  // Waits until the space is filled, the work is stopped, or `until` is true; look_again() has it
  // looked at. True: all documents but a few that change just now are in the space.
  bool wait_until_filled(const std::atomic<bool>& until);
  void look_again();
  uint64_t moved() const { return moved_before_ + moved_; }

 private:
  bool queue_unmoved();

  TextWork& work_;
  std::atomic<uint64_t> moved_{0};         // Documents that this filler has moved,
  std::atomic<uint64_t> moved_before_{0};  // and those that an earlier one had.
  bool filled_ GUARDED_BY(work_.mutex) = false;
  Status failure_ GUARDED_BY(work_.mutex);  // Of a document, in this pass.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_FILLER_H_
