// KnnSearchEngine: finds the nearest neighbours in one space, exactly or by HNSW, among everything
// that is stored.
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
  std::shared_ptr<SearchScratches> scratches;  // All spaces share them.
  FileIo* io = nullptr;
  Fd directory;            // The folder of the space, for checkpoints.
  bool read_only = false;  // True: no checkpoints are written.
  unsigned build_threads = 1;
  // Both are called from the writer thread, with no lock held.
  //
  // Says that no graph and no search refers to these slots any more.
  std::function<void(std::span<const Slot>)> let_go;
  // Makes everything durable that was added or removed so far, as a checkpoint must hold nothing
  // that a crash could take out of the catalog again.
  std::function<Status()> make_durable;
};

// Holds the graph, the pending slots, which are scanned exactly until they are linked, and the
// writer: the thread that links, unlinks and writes checkpoints. Searches never wait for the
// writer.
//
// Threads: all methods may run at once. added(), removed(), hide() and unhide() are called under
// the storage mutex, after which the mutexes of this class come.
class KnnSearchEngine {
 public:
  // What the newest checkpoint lacks, read from the catalog by the caller.
  struct Replay {
    std::span<const Slot> freed;  // They are removed first, with all from slots_end on.
    std::span<const Slot> set;    // They are added then, instead of what had the slots before.
    uint32_t slots_end = 0;
  };
  // Maps the newest checkpoint, or starts empty where there is none that holds at most
  // `last_change`, the catalog's. Large stack.
  static Result<std::unique_ptr<KnnSearchEngine>> open(KnnOptions options,
                                                       ChangeNumber last_change);
  // Stops the writer after the work that it has begun, and writes no checkpoint.
  ~KnnSearchEngine();

  ChangeNumber checkpoint_change() const;  // 0: there is no checkpoint.
  bool in_graph(Slot slot) const;          // Call it before replay() only.
  // Starts the writer. Call it once, before the first search. However much is to be linked, it is
  // found at once: a scan finds it until it is linked. Large stack.
  Status replay(const Replay& replay, ChangeNumber last_change);
  // Stops the writer for good, when the space is dropped or the store closes; searches go on.
  void stop();

  // Whether so many slots may be added now, limits::kPendingSlotsMax at most. If not, the caller
  // calls wait_for_room() without any lock and asks again; it waits some tenths of a second at
  // most.
  bool has_room(uint32_t slots) const;
  void wait_for_room(uint32_t slots);
  // Says that somebody waits for linking: for a second it runs like any other work, and not only
  // when the CPUs are idle. Any thread may call it.
  void hurry();
  // A row was written and its slot belongs to a passage now: the next search finds it. There must
  // be room.
  void added(Slot slot, ChangeNumber change);
  // No search finds the slot from now on; KnnOptions::let_go follows.
  void removed(Slot slot, ChangeNumber change);
  // hide() is for the slots of an object that lost its last name, unhide() for one that has a name
  // again.
  void hide(Slot slot);
  void unhide(Slot slot);

  // While the result lives, no slot that a search found is given to another passage. A caller holds
  // it from before the search until it has looked up the slots, and never while it waits for room.
  SearchEpochs::Entered hold() const;
  struct Found {
    uint32_t count = 0;
    index::SearchWork work;  // The walk over the graph and the scan of pending slots, together.
  };
  // The nearest first, with exact distances. `exact` scans all rows instead of walking the graph.
  // EIO once a file of the space could not be read.
  Result<Found> search(const float* query, const index::SearchOptions& options, bool exact,
                       std::span<index::Neighbor> out) const;
  // The exact distance to each slot that a search found, or that has a passage, while it is held.
  Status distances(const float* query, std::span<const Slot> slots, std::span<float> out) const;

  // Waits at most so long until everything that was added or removed so far is in the graph.
  bool settle(uint32_t wait_ms_max);
  // Writes a checkpoint of the graph as it is, if it changed since the last one. The writer does so
  // by itself when much has changed. Large stack.
  Status checkpoint();

  struct Statistics {
    uint32_t linked = 0;          // Slots in the graph.
    uint32_t pending = 0;         // Slots that are not linked yet.
    uint32_t unlinking = 0;       // Slots that are still in the graph, but that no search finds.
    uint64_t resident_bytes = 0;  // The memory of codes, links and flags.
    ChangeNumber checkpoint = 0;
    int64_t checkpoint_time = 0;  // Seconds since the epoch; 0: there is none.
    // recall@10 of stored vectors against a scan; below 0 it has not been measured yet.
    float self_check_recall = -1;
    uint64_t searches = 0;
  };
  Statistics statistics() const;
  // Measures self_check_recall on a sample, which takes some milliseconds. Large stack.
  void self_check();

 private:
  struct State;
  explicit KnnSearchEngine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_KNN_SEARCH_ENGINE_H_
