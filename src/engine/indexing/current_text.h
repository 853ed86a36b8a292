// CurrentText: the text index and the indexer that are in use, and their exchange for others.
#ifndef VEXFS_ENGINE_INDEXING_CURRENT_TEXT_H_
#define VEXFS_ENGINE_INDEXING_CURRENT_TEXT_H_

#include <cstdint>
#include <memory>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/indexing/changed_keys.h"
#include "engine/indexing/searchable_text.h"
#include "engine/indexing/text_index.h"
#include "engine/indexing/text_indexer.h"
#include "engine/storage/engine_options.h"
#include "tree/tree.h"

namespace vexfs::engine {

// An exchange has three steps. begin_exchange() takes the indexer out: searches go on, changed
// files are noted, and sync() waits. begin_replacing() makes searches wait, since the space itself
// is replaced. end_exchange() puts the new ones in and gives them the changed files.
//
// Threads: all methods may run at once, but there is one exchange at a time.
class CurrentText {
 public:
  // Callers share what they use, so it outlives its own exchange.
  struct Running {
    std::shared_ptr<TextIndex> index;
    std::shared_ptr<TextIndexer> indexer;
  };

  // Opens the space `text` with that embedder, and starts its indexer. Large stack.
  static Result<Running> run(tree::Tree& tree, VectorStorageManager& storage,
                             const EngineOptions& options,
                             std::shared_ptr<const text::Embedder> embedder, bool create);

  // --- The exchange
  void set(Running first);
  Running clear();
  Running begin_exchange();  // Returns what is in use; the caller stops its indexer.
  void begin_replacing();
  void end_exchange(Running next);

  // --- Callers. Until set() and after clear() there is neither index nor indexer.
  Running running() const;
  // Waits for an index that is just being replaced. Of an index that is set.
  SearchableText searchable() const;
  Status sync();  // Waits for an exchange, then as TextIndexer::sync().

  // --- Request threads
  void content_changed(const store::ObjectKey& key);
  bool waits(const store::ObjectKey& key) const;
  uint64_t generation() const;  // Grows when searches may find something else.

 private:
  // Held over calls of the indexer that take only its leaves: those of request threads.
  mutable Mutex mutex_;
  mutable CondVar changed_;  // Notified by end_exchange().
  Running now_ GUARDED_BY(mutex_);
  bool exchanging_ GUARDED_BY(mutex_) = false;
  bool replacing_ GUARDED_BY(mutex_) = false;
  uint64_t generation_before_ GUARDED_BY(mutex_) = 0;  // Of the indexes before this one.
  ChangedKeys missed_;  // Files that changed while no indexer ran. Has a lock of its own.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_CURRENT_TEXT_H_
