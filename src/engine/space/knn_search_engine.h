// KnnSearchEngine: nearest neighbours in one space, exact or by HNSW, of everything that is stored.
#ifndef VEXFS_ENGINE_SPACE_KNN_SEARCH_ENGINE_H_
#define VEXFS_ENGINE_SPACE_KNN_SEARCH_ENGINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/status.h"
#include "base/vector_space.h"
#include "engine/space/search_epochs.h"
#include "engine/space/search_scratches.h"
#include "index/search.h"
#include "store/rows.h"
#include "store/vector_file.h"

namespace vexfs::engine {

using store::ChangeNumber;

struct KnnOptions {
  SpaceParameters parameters;
  const store::VectorFile* vectors = nullptr;  // Outlives the engine.
  std::shared_ptr<SearchScratches> scratches;  // Of all spaces.
  FileIo* io = nullptr;
  Fd directory;            // Of the space; for checkpoints.
  bool read_only = false;  // No checkpoints are written.
  unsigned build_threads = 1;
  // Called from the writer's thread, with no lock held.
  // No graph and no search refers to these slots any more.
  std::function<void(std::span<const Slot>)> let_go;
  // Makes everything durable that was added or removed so far: a checkpoint holds nothing that a
  // crash could take out of the catalog again.
  std::function<Status()> make_durable;
};

// The graph, the slots that are not linked yet (scanned exactly), and the thread that links,
// unlinks and writes checkpoints. Searches never wait for the writer.
//
// Threads: all methods may run at once; added(), removed(), hide() and unhide() are called under
// the mutex of VectorStorageManager, and its own mutex comes after that.
class KnnSearchEngine {
 public:
  // What the newest checkpoint lacks, read from the catalog by the caller.
  struct Replay {
    std::span<const Slot> freed;  // Removed first, and all from slots_end on.
    std::span<const Slot> set;    // Then added, instead of what had the slot before.
    uint32_t slots_end = 0;
  };
  // Maps the newest checkpoint, or starts empty where there is none that holds at most
  // `last_change`, the catalog's. Large stack.
  static Result<std::unique_ptr<KnnSearchEngine>> open(KnnOptions options,
                                                       ChangeNumber last_change);
  ~KnnSearchEngine();  // Stops the writer after the work in hand; no checkpoint.

  ChangeNumber checkpoint_change() const;  // 0: none.
  bool in_graph(Slot slot) const;          // Before replay() only.
  // Called once, before the first search, and starts the writer. However much is to be linked, it
  // is found at once: by a scan until it is. Large stack.
  Status replay(const Replay& replay, ChangeNumber last_change);
  // Stops the writer for good; searches go on. For a space that is dropped, and at the end.
  void stop();

  // Whether so many slots may be added now. If not: wait_for_room() outside all locks, some tenths
  // of a second at most, and ask again. At most limits::kPendingSlotsMax at once.
  bool has_room(uint32_t slots) const;
  void wait_for_room(uint32_t slots);
  // Somebody waits for linking: for a second it is work as any other, and else for when the CPUs
  // have nothing better to do. Any thread.
  void hurry();
  // A row was written and its slot belongs to a passage now: the next search finds it. There must
  // be room.
  void added(Slot slot, ChangeNumber change);
  // No search finds it from now on; let_go() follows.
  void removed(Slot slot, ChangeNumber change);
  // For objects that lost their names, and got one again.
  void hide(Slot slot);
  void unhide(Slot slot);

  // While it lives, no slot that a search found is given to another passage: from before the
  // search until its slots were looked up. Short, and never beside a wait for room.
  SearchEpochs::Entered hold() const;
  struct Found {
    uint32_t count = 0;
    index::SearchWork work;  // Of the graph and of the scan of what is not linked.
  };
  // Nearest first, exact distances. `exact` scans.
  Result<Found> search(const float* query, const index::SearchOptions& options, bool exact,
                       std::span<index::Neighbor> out) const;
  // The exact distance to each slot that a search found, or that has a passage, while it is held.
  Status distances(const float* query, std::span<const Slot> slots, std::span<float> out) const;

  // Waits until everything added or removed so far is in the graph, at most so long.
  bool settle(uint32_t wait_ms_max);
  // Writes a checkpoint of the graph as it is, if it changed since the last one. Large stack.
  // The writer does so by itself when much has changed.
  Status checkpoint();

  struct Statistics {
    uint32_t linked = 0;          // In the graph.
    uint32_t pending = 0;         // Not linked yet.
    uint32_t unlinking = 0;       // Still in the graph, found by no search.
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

#endif  // VEXFS_ENGINE_SPACE_KNN_SEARCH_ENGINE_H_
