// The inside of TextService, shared by its parts: text_service.cc, text_switch.cc.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_SERVICE_STATE_H_
#define VEXFS_ENGINE_INDEXING_TEXT_SERVICE_STATE_H_

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/thread.h"
#include "engine/indexing/changed_keys.h"
#include "engine/indexing/text_index.h"
#include "engine/indexing/text_indexer.h"
#include "engine/indexing/text_service.h"

namespace vexfs::engine {

struct TextService::State {
  // What runs. Both are kept by whoever uses them, beyond their end.
  struct Running {
    std::shared_ptr<TextIndex> index;
    std::shared_ptr<TextIndexer> indexer;
  };

  State(tree::Tree& of, VectorStorageManager& in, const EngineOptions& given)
      : tree(of), storage(in), options(given) {}

  // --- Under `life` (text_service.cc)
  Status start(bool create);
  Result<Running> run(std::shared_ptr<const text::Embedder> embedder, bool create);
  Running running() const;  // Any.
  std::optional<store::Space> space(std::string_view name) const;
  EmbedderChoice former() const;
  void remember_embedder();  // Of the space, for when another is asked for.

  // --- The change of embedders (text_switch.cc). Under `life`, but for the switch's own thread.
  // Begins what the choice asks for, or ends it.
  Status follow(const EmbedderChoice& choice, std::shared_ptr<const text::Embedder> connected);
  void end_switch();  // Waits for its thread; what was filled stays.
  static void run_switch(void* state);
  void switch_until_done();
  Status fill_and_replace();
  Status prepare_space(const text::Embedder& embedder);
  // Another index in the place of the one that runs, by that embedder; `replaces`: of the new
  // space.
  Status replace(std::shared_ptr<const text::Embedder> embedder, bool replaces);
  void leave_embedder(bool leave);  // Of the index that runs.

  tree::Tree& tree;
  VectorStorageManager& storage;
  const EngineOptions options;

  std::mutex life;  // Before all others: starts and changes come one at a time.
  EmbedderChoice wanted;

  // The switch. Written under `life` while its thread does not run.
  std::optional<Thread> switching;
  std::atomic<bool> ending{false};
  std::shared_ptr<const text::Embedder> connected;  // That is wanted, if it answered already.

  mutable std::mutex doors;  // A leaf, but for the indexer's own. Guards what follows.
  mutable std::condition_variable doors_changed;
  Running now;
  std::shared_ptr<TextIndexer> filler;
  bool between = false;            // One indexer has gone, the next is to come;
  bool replacing = false;          // and the index is just being replaced.
  bool changing = false;           // There is a switch,
  std::string changing_to;         // to this one.
  Status trouble;                  // Why the switch does not go on.
  uint64_t generation_before = 0;  // Of indexes that were replaced.
  ChangedKeys missed;              // While no indexer runs.

  std::atomic<bool> up{false};
  std::atomic<uint32_t> start_us{0};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_SERVICE_STATE_H_
