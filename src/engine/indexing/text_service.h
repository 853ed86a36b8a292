// TextService: the text of a store's files: its index, the indexer that keeps it, and its change of
// embedders. The front door of the folder engine/indexing.
//
// The folder turns files into passages, words and vectors, and keeps them in step with the files.
// TextService owns CurrentText (the index and indexer in use) and TextSwitch (a change of
// embedders). A TextIndexer owns the threads: one TextKeeper, one TextScanner or TextFiller, and
// some TextWorkers, which share one TextWork. A TextIndex owns the space's vectors and the
// TextWords.
//
// Lock order: TextService's mutex, then those of TextSwitch and CurrentText, then TextWork's, then
// the leaves (ChangedKeys, TextQueue, ReadyParts, TextWords, IdleThreads). None of them but
// TextService's is held when the storage's mutex is taken; the storage's may be held when
// TextWork's is taken.
//
// Invariants: a document's row is fresh only once all its passages, vectors and words are put; a
// lexical image is written only when it has the words of all passages; only the keeper's thread
// changes the index.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_SERVICE_H_
#define VEXFS_ENGINE_INDEXING_TEXT_SERVICE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/indexing/chosen_embedder.h"
#include "engine/indexing/searchable_text.h"
#include "engine/query/text_progress.h"
#include "engine/storage/engine_options.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/tree.h"

namespace vexfs::engine {

class CurrentText;
class TextSwitch;

// One embedder fills the space `text`. When the store asks for another one, that one fills `text~`
// in the background, from the documents that are indexed. Searches ask the old space meanwhile: by
// meaning as long as its own embedder answers, else by words alone. Once `text~` has all that
// `text` has, it takes its place, in one step that a crash does not tear. A change that was
// interrupted goes on at the next start; asking for the old embedder again drops `text~`.
//
// Threads: all methods may run at once. Large stack, except for those of request threads.
class TextService {
 public:
  // All must outlive it.
  TextService(tree::Tree& tree, VectorStorageManager& storage, const EngineOptions& options);
  ~TextService();

  // Opens the index and starts its indexer; does nothing if they run. ENODATA: there is no index
  // and `create` is false. EEXIST: a user's space has its name. An embedder.json that does not
  // count (read_embedder()) changes nothing: the index stays as it is, and a new one is by the
  // built-in embedder. report() says so.
  Status start(bool create);
  bool is_up() const { return up_; }  // Any thread.

  // Asks for an embedder that has answered, see try_embedder(). The choice is durable on return;
  // the change runs in the background.
  Status choose(const EmbedderChoice& choice, std::shared_ptr<const text::Embedder> answered);

  // --- Once is_up()
  SearchableText searchable() const;  // Waits for an index that is just taking its place.
  void rescan();
  Status sync();  // See TextIndexer.
  void hurry();   // See TextIndexer.
  // Leaves out what the storage counts.
  void report(TextProgress& progress) const;
  std::string embedder_name() const;
  uint32_t start_us() const { return start_us_; }  // Microseconds that the start took.

  // --- Request threads
  void content_changed(const store::ObjectKey& key);
  bool waits(const store::ObjectKey& key) const;
  uint64_t generation() const;  // Grows when searches may find something else.

 private:
  Status start_locked(bool create) REQUIRES(life_);

  tree::Tree& tree_;
  VectorStorageManager& storage_;
  const EngineOptions options_;

  // Comes before all other mutexes of the engine's text: starts and changes come one at a time.
  Mutex life_;
  const std::unique_ptr<CurrentText> current_;
  const std::unique_ptr<TextSwitch> switch_;

  std::atomic<bool> up_{false};
  std::atomic<uint32_t> start_us_{0};
  // Why the store's embedder.json is not followed, a literal; null where it is.
  std::atomic<const char*> warning_{nullptr};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_SERVICE_H_
