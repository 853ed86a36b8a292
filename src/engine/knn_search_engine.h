// KnnSearchEngine: nearest neighbours in one space, exact or by HNSW, of everything that is stored.
#ifndef VEXFS_ENGINE_KNN_SEARCH_ENGINE_H_
#define VEXFS_ENGINE_KNN_SEARCH_ENGINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/function_ref.h"
#include "base/status.h"
#include "base/vector_space.h"
#include "index/search.h"
#include "store/rows.h"

namespace vexfs::engine {

using store::ChangeNumber;

struct KnnOptions {
  SpaceParameters parameters;
  VectorRows rows;  // Outlive the engine.
  FileIo* io = nullptr;
  Fd directory;            // Of the space; for checkpoints.
  bool read_only = false;  // No checkpoints are written.
  unsigned build_threads = 1;
};

// The graph, the buffer of vectors that are not linked yet (scanned exactly, at most
// limits::kPendingSlotsMax), the thread that links, unlinks and writes checkpoints, and a pool of
// scratches. Searches never wait for the writer.
//
// Threads: all methods may run at once. Order: called under the mutex of VectorStorageManager, its
// own mutex comes after that; `let_go` is called with neither held.
class KnnSearchEngine {
 public:
  // What the newest checkpoint lacks, read from the catalog by the caller.
  struct Replay {
    std::span<const Slot> freed;  // Removed first.
    std::span<const Slot> set;    // Then added.
  };
  // Maps the newest checkpoint, or starts empty, and tells the change number that it holds. Large
  // stack. `let_go(slots)` is called from the writer's thread: no index and no search refers to
  // these slots any more.
  static Result<std::unique_ptr<KnnSearchEngine>> open(
      KnnOptions options, std::function<void(std::span<const Slot>)> let_go);
  ~KnnSearchEngine();  // Stops the writer after the work in hand; no checkpoint.

  ChangeNumber checkpoint_change() const;
  // Called once, before the first search. Vectors beyond the buffer are linked before it returns.
  Status replay(const Replay& replay, ChangeNumber last_change);

  // A row was written and its slot belongs to a passage now. EAGAIN when the buffer is full: wait
  // with wait_for_room() outside all locks, and try again. The next search finds it.
  Status added(Slot slot, ChangeNumber change);
  void wait_for_room();
  // No search finds it from now on; let_go() follows.
  void removed(Slot slot, ChangeNumber change);
  // For objects that lost their names, and got one again.
  void hide(Slot slot);
  void unhide(Slot slot);

  struct Found {
    uint32_t count = 0;
    index::SearchWork work;
  };
  // Nearest first, exact distances. `exact` scans.
  Result<Found> search(const float* query, const index::SearchOptions& options, bool exact,
                       std::span<index::Neighbor> out) const;

  // Waits until everything added or removed so far is in the graph.
  void settle();
  // Writes a checkpoint of the graph as it is, if it changed since the last one. Large stack.
  // The writer does so by itself when much has changed.
  Status checkpoint();

  struct Statistics {
    uint32_t vectors = 0;
    uint32_t pending = 0;
    uint32_t unlinking = 0;
    uint64_t resident_bytes = 0;  // Of codes, links and flags.
    ChangeNumber checkpoint = 0;
    int64_t checkpoint_time = 0;   // Seconds since the epoch, 0: none.
    float self_check_recall = -1;  // recall@10 of stored vectors against a scan; < 0: not yet.
    uint64_t searches = 0;
  };
  Statistics statistics() const;
  // Measures self_check_recall on a sample. Large stack, some milliseconds of work.
  void self_check();

 private:
  struct State;
  explicit KnnSearchEngine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_KNN_SEARCH_ENGINE_H_
