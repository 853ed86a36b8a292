// TextScanner: finds the files that changed while nobody watched, and the words that the lexical
// image lacks.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_SCANNER_H_
#define VEXFS_ENGINE_INDEXING_TEXT_SCANNER_H_

#include <vector>

#include "engine/indexing/text_work.h"
#include "store/rows.h"

namespace vexfs::engine {

// Walks the tree (TextScan) at the start and whenever TextWork::request_scan() was called.
//
// Threads: one. It takes the storage's mutex, for which others wait, so it never has the idle
// scheduling policy; it only rests between its steps.
class TextScanner {
 public:
  // `work` must outlive it. `lacking`: the objects whose words the lexical image lacks.
  TextScanner(TextWork& work, std::vector<store::ObjectId> lacking)
      : work_(work), lacking_(std::move(lacking)) {}

  // Queues the objects whose words are lacking. Call it once, before run(). Large stack.
  void queue_lacking_words();
  // Scans until the work is stopped. Large stack.
  void run();

 private:
  void scan();

  TextWork& work_;
  std::vector<store::ObjectId> lacking_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_SCANNER_H_
