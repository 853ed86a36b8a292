// The inside of Engine, shared by its parts: engine*.cc.
#ifndef VEXFS_ENGINE_ENGINE_STATE_H_
#define VEXFS_ENGINE_ENGINE_STATE_H_

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "base/thread.h"
#include "engine/engine.h"
#include "engine/indexing/text_service.h"
#include "engine/search/vector_search_engine.h"
#include "engine/storage/vector_storage_manager.h"

namespace vexfs::engine {

struct Engine::State {
  enum class Phase { kNoStore, kStarting, kUp, kFailed };

  State(tree::Tree& of, const EngineOptions& given) : tree(of), options(given) {}

  // The storage, up; waits for its start. ENODATA where there is no store; `create` makes one.
  Result<VectorStorageManager*> storage_up(bool create);
  // The same for searches. The first one by text makes the store, and what it asks.
  Result<VectorSearchEngine*> search_up(bool by_text = false);
  // The same for text. ENODATA where none is indexed; `create` begins with it. Large stack.
  Result<TextService*> text_up(bool create);
  // Nullptr where no text is up. Any thread.
  TextService* text_doors() const;
  void start_text_if_there();
  Result<SearchableText> searchable_text(bool create);  // As searches take it.
  // Nullptr, without a wait, where there is no store or it cannot be opened.
  VectorStorageManager* storage_for_names();

  Status start(bool create);  // Under mutex.
  static void run(void* state);
  void open_store();  // EBUSY passes: it is called again.
  Result<std::unique_ptr<VectorStorageManager>> open_when_free(bool create);
  void maintain_until_stopped();
  void stop();

  tree::Tree& tree;
  const EngineOptions options;
  std::atomic<Phase> phase{Phase::kNoStore};  // Written under mutex.

  std::atomic<uint64_t> permission_changes{0};

  std::mutex mutex;  // A leaf. Guards the start.
  std::condition_variable phase_changed;
  bool create_store = false;
  Status failure;  // Of the start; written by `thread` alone.
  std::atomic<uint32_t> start_us{0};
  std::unique_ptr<VectorStorageManager> storage;  // Set before the phase is kUp, then unchanged.
  std::unique_ptr<VectorSearchEngine> search;
  std::unique_ptr<TextService> text;  // As the two before.
  Status text_failure;                // Under mutex. Of the start with the store.
  Fd stop_event;
  std::optional<Thread> text_starter;  // Of `thread`, then of stop().
  std::optional<Thread> thread;        // Opens the store, then looks after it.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_ENGINE_STATE_H_
