// Engine::State: the parts of the engine and the state of their start, which the files engine*.cc
// share. Methods that need its lock are here.
#ifndef VEXFS_ENGINE_ENGINE_STATE_H_
#define VEXFS_ENGINE_ENGINE_STATE_H_

#include <atomic>
#include <memory>
#include <optional>

#include "base/mutex.h"
#include "base/thread.h"
#include "engine/engine.h"
#include "engine/indexing/text_service.h"
#include "engine/search/vector_search_engine.h"
#include "engine/storage/vector_storage_manager.h"

namespace vexfs::engine {

struct Engine::State {
  enum class Phase { kNoStore, kStarting, kUp, kFailed };

  State(tree::Tree& of, const EngineOptions& given) : tree(of), options(given) {}

  // Returns the storage once it has started. ENODATA where there is no store, unless `create` asks
  // to make one.
  Result<VectorStorageManager*> storage_up(bool create);
  // The same for searches. The first search by text makes the store and the index of texts.
  Result<VectorSearchEngine*> search_up(bool by_text = false);
  // The same for texts. ENODATA where they are not indexed, unless `create` asks to begin. Needs a
  // large stack.
  Result<TextService*> text_up(bool create);
  // The text service where it has started, else nullptr. Any thread; never waits.
  TextService* text_doors() const;
  void start_text_if_there();
  // The index of texts in the form in which searches use it.
  Result<SearchableText> searchable_text(bool create);
  // The storage, or nullptr where there is no store or it could not be opened. Waits while it is
  // being opened.
  VectorStorageManager* storage_for_names();

  Status start(bool create) REQUIRES(mutex);
  void run();  // The body of `thread`.
  // Opens the store and returns the errno, 0 for success. EBUSY goes by, so the thread calls it
  // again.
  int open_store();
  Result<std::unique_ptr<VectorStorageManager>> open_when_free(bool create);
  void maintain_until_stopped();
  void stop();

  tree::Tree& tree;
  const EngineOptions options;
  std::atomic<Phase> phase{Phase::kNoStore};  // Written with the mutex held.

  std::atomic<uint64_t> permission_changes{0};

  // Guards the start. It is a leaf: no other lock is taken while it is held.
  Mutex mutex;
  CondVar phase_changed;
  bool create_store GUARDED_BY(mutex) = false;
  Status failure GUARDED_BY(mutex);       // Why the store could not be opened.
  Status text_failure GUARDED_BY(mutex);  // Why the index of texts did not start with the store.
  std::optional<Thread> thread GUARDED_BY(mutex);  // Opens the store, then maintains it.

  // Set by `thread` before the phase becomes kUp, and unchanged until stop().
  std::unique_ptr<VectorStorageManager> storage;
  std::unique_ptr<VectorSearchEngine> search;
  std::unique_ptr<TextService> text;

  std::atomic<uint32_t> start_us{0};
  Fd stop_event;
  std::optional<Thread> text_starter;  // Used by `thread`, and by stop() once that has ended.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_ENGINE_STATE_H_
