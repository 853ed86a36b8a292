// TextIndexer: keeps a TextIndex as the files are: finds them, reads them, and puts what they say.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_INDEXER_H_
#define VEXFS_ENGINE_INDEXING_TEXT_INDEXER_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/status.h"
#include "engine/indexing/text_index.h"
#include "engine/storage/engine_options.h"
#include "tree/tree.h"

namespace vexfs::engine {

// A scanner walks the tree at the start and hands files that are not as their documents say to
// workers, which read, cut and embed them at idle priority; one keeper's thread puts what comes of
// it into the storage, in small steps. A document that breaks its reader costs a row that says so.
// Whatever is killed goes on at the next start: a document is fresh only with all its passages.
//
// One that fills a space beside another takes what is indexed already for its files: it embeds the
// documents of that space, and leaves it to the other's indexer to see what changes.
//
// Threads: all methods may run at once; those for request threads say so.
class TextIndexer {
 public:
  enum class Task {
    kKeep,  // The index is that of all files, for as long as it runs.
    kFill,  // The index is to take the place of another, once it has what that one has.
  };
  // All outlive it. Where the engine is read-only the words that the lexical image lacks are read,
  // and nothing else. Large stack.
  static Result<std::unique_ptr<TextIndexer>> start(tree::Tree& tree, VectorStorageManager& storage,
                                                    std::shared_ptr<TextIndex> index,
                                                    const EngineOptions& options,
                                                    Task task = Task::kKeep);
  ~TextIndexer();  // stop()
  // After what is in hand; the rest is found again. Writes the lexical image, unless nobody is to
  // read it any more.
  enum class Words { kWrite, kLeave };
  void stop(Words words = Words::kWrite);

  // The file was written, or is new. Request threads: copies a key.
  void content_changed(const store::ObjectKey& key);
  // Whether it waits to be read. Request threads.
  bool waits(const store::ObjectKey& key) const;
  // Looks at all files again.
  void rescan();
  // Waits until nothing waits and all is durable. EAGAIN: the embedder cannot be reached; EIO: the
  // index can be changed no more.
  Status sync();

  // Somebody waits and asks again and again how far it is: for a second its threads do not idle.
  void hurry();

  // Another embedder is to take the place of this one: where it fails, files are found by their
  // words alone from now on, and are pending.
  void do_without_embedder(bool without);
  // Of one that fills: waits until it has done so, or `until` says so, or it was stopped. True: all
  // documents but a few that change just now are in its space.
  bool wait_until_filled(const std::atomic<bool>& until);
  void stop_waiting();  // Has `until` be looked at.

  struct Progress {
    uint64_t moved = 0;  // Documents in the space that is filled.
    bool scanning = false;
    uint64_t waiting = 0;  // Files that are known to be read yet.
    float files_per_second = 0;
    float seconds_left = 0;
    Status trouble;  // Why it does not go on.
  };
  Progress progress() const;

 private:
  struct State;
  explicit TextIndexer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_INDEXER_H_
