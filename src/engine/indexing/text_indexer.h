// TextIndexer: keeps a TextIndex in step with the files: finds them, reads them, and puts their
// passages, words and vectors into the index.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_INDEXER_H_
#define VEXFS_ENGINE_INDEXING_TEXT_INDEXER_H_

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "base/status.h"
#include "base/thread.h"
#include "engine/indexing/text_filler.h"
#include "engine/indexing/text_index.h"
#include "engine/indexing/text_keeper.h"
#include "engine/indexing/text_scanner.h"
#include "engine/indexing/text_work.h"
#include "engine/indexing/text_worker.h"
#include "engine/storage/engine_options.h"
#include "text/extractor.h"
#include "tree/tree.h"

namespace vexfs::engine {

// Starts and ends the threads, and answers for them. A scanner walks the tree at the start and
// queues the files that are not as their documents say. Workers read, cut and embed them at idle
// priority. One keeper puts the results into the storage, in small steps. A document that breaks
// its reader costs a row that says so. After a kill, the next start continues: a document is fresh
// only with all its passages.
//
// An indexer that fills a space beside another embeds the documents of that other space, and leaves
// it to the other's indexer to watch for changes.
//
// Threads: all methods may run at once, except stop(); those for request threads say so.
class TextIndexer {
 public:
  enum class Task {
    kKeep,  // Keep the index in step with all files until stop().
    kFill,  // Fill an index that is to replace another, until it has what the other has.
  };
  // `tree` and `storage` must outlive it. If the engine is read-only, only the words that the
  // lexical image lacks are read. Large stack.
  static Result<std::unique_ptr<TextIndexer>> start(tree::Tree& tree, VectorStorageManager& storage,
                                                    std::shared_ptr<TextIndex> index,
                                                    const EngineOptions& options,
                                                    Task task = Task::kKeep);
  ~TextIndexer();  // stop()
  // Finishes what is being put; what still waits is found again by the next start. Writes the
  // lexical image, unless nobody is to read the index any more (kLeave).
  enum class Words { kWrite, kLeave };
  void stop(Words words = Words::kWrite);

  // The file is new, or was written. Request threads: it copies a key.
  void content_changed(const store::ObjectKey& key);
  // Whether the file waits to be read. Request threads.
  bool waits(const store::ObjectKey& key) const;
  // Looks at all files again.
  void rescan();
  // Waits until nothing waits and all is durable. EAGAIN: the embedder cannot be reached; EIO: the
  // index cannot be changed any more.
  Status sync();

  // A caller waits and asks for the progress again and again: for one second the threads do not
  // idle.
  void hurry();

  // Whether another embedder is about to replace this one, or nobody knows this one. If so, and
  // this one fails, documents go without vectors: they are found by their words alone, and are
  // pending.
  void do_without_embedder(bool without);
  // With Task::kFill only; see TextFiller::wait_until_filled() and look_again().
  bool wait_until_filled(const std::atomic<bool>& until);
  void stop_waiting();

  using Progress = TextWork::Progress;
  Progress progress() const;

 private:
  TextIndexer(tree::Tree& tree, VectorStorageManager& storage, std::shared_ptr<TextIndex> index,
              const EngineOptions& options, Task task);
  Status start_threads();
  void find_files();

  // The storage holds a reference too, until stop().
  const std::shared_ptr<TextWork> work_;
  text::Extractor extractor_;
  std::optional<TextFiller> filler_;  // With Task::kFill.
  TextKeeper keeper_;
  std::optional<TextScanner> scanner_;  // From start_threads() on.
  std::vector<std::unique_ptr<TextWorker>> workers_;

  std::optional<Thread> keeper_thread_;
  std::optional<Thread> finder_thread_;  // Runs find_files().
  std::vector<Thread> worker_threads_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_INDEXER_H_
