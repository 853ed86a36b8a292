// TextWorker: a thread that turns files into passages, words and vectors.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_WORKER_H_
#define VEXFS_ENGINE_INDEXING_TEXT_WORKER_H_

#include <cstddef>
#include <vector>

#include "engine/indexing/text_job.h"
#include "engine/indexing/text_work.h"
#include "text/extractor.h"

namespace vexfs::engine {

// Takes jobs from the queue, reads their files (DocumentReader), embeds many of them at a time, and
// hands them to the keeper. An embedder that cannot be reached is tried again until it answers;
// the files wait meanwhile.
//
// Threads: one. An indexer has several workers. Takes no lock of the storage.
class TextWorker {
 public:
  // Both must outlive it; workers share the extractor.
  TextWorker(TextWork& work, const text::Extractor& extractor)
      : work_(work), extractor_(extractor) {}

  // Returns once the work is stopped. Large stack.
  void run();

 private:
  bool take(TextPart part);
  bool hand_over();
  bool embed();

  TextWork& work_;
  const text::Extractor& extractor_;
  std::vector<TextPart> parts_;  // That were read and are not handed over yet,
  size_t passages_ = 0;          // and the number of their passages.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_WORKER_H_
