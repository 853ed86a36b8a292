// TextSwitch: the change from one embedder to another, in the background.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_SWITCH_H_
#define VEXFS_ENGINE_INDEXING_TEXT_SWITCH_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "base/status.h"
#include "base/thread.h"
#include "engine/indexing/chosen_embedder.h"
#include "engine/indexing/current_text.h"
#include "engine/query/text_progress.h"

namespace vexfs::engine {

// It fills the space `text~` by the wanted embedder, with an indexer of its own, and then puts it
// in the place of `text`. What fails is tried again until it succeeds or end() is called; an
// unfinished space stays, and the next start goes on with it.
//
// Threads: follow() and end() one at a time (TextService holds its mutex); the other methods may
// run at once. A change runs on a thread of its own.
class TextSwitch {
 public:
  // All must outlive it.
  TextSwitch(tree::Tree& tree, VectorStorageManager& storage, const EngineOptions& options,
             CurrentText& current)
      : tree_(tree), storage_(storage), options_(options), current_(current) {}
  ~TextSwitch() { end(); }

  // The store wants this embedder: begins a change to it, or ends a change if the index is by it
  // already. `answered`: the embedder, if it has answered. Large stack.
  Status follow(const EmbedderChoice& choice, std::shared_ptr<const text::Embedder> answered);
  // The store may want an embedder, which does not count: no change begins, and an index whose own
  // embedder is not known goes on by words.
  void stay() { leave_embedder(true); }
  // Waits for the change's thread. What was filled stays.
  void end();

  // For the next second the filling indexer does not idle.
  void hurry();
  // Nullopt when there is no change.
  std::optional<TextProgress::Switch> progress() const;

 private:
  void run();
  Status fill_and_replace();
  Status prepare_space(const text::Embedder& embedder);
  Status replace(std::shared_ptr<const text::Embedder> embedder, bool replaces_space);
  void leave_embedder(bool leave);
  void remember_embedder();

  tree::Tree& tree_;
  VectorStorageManager& storage_;
  const EngineOptions& options_;
  CurrentText& current_;

  // Written while no change runs, and then by its thread alone.
  EmbedderChoice wanted_;
  std::shared_ptr<const text::Embedder> connected_;  // The wanted one, once it has answered.
  std::optional<Thread> thread_;
  std::atomic<bool> ending_{false};

  // A leaf, but for that of the filling indexer.
  mutable Mutex mutex_;
  CondVar ended_;  // Notified by end().
  std::shared_ptr<TextIndexer> filler_ GUARDED_BY(mutex_);
  bool changing_ GUARDED_BY(mutex_) = false;
  std::string changing_to_ GUARDED_BY(mutex_);  // The embedder's name.
  Status trouble_ GUARDED_BY(mutex_);           // Why the change does not go on.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_SWITCH_H_
