// The state of KnnSearchEngine, shared by its searches (knn_search_engine.cc) and its writer thread
// (knn_writer.cc).
#ifndef VEXFS_ENGINE_SPACE_KNN_STATE_H_
#define VEXFS_ENGINE_SPACE_KNN_STATE_H_

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/idle_threads.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "engine/space/knn_search_engine.h"
#include "engine/space/pending_slots.h"
#include "index/hnsw_index.h"

namespace vexfs::engine {

struct KnnSearchEngine::State {
  using Clock = std::chrono::steady_clock;

  // A slot that no search finds any more, but that the graph still has.
  struct Unlink {
    Slot slot;
    ChangeNumber change;
    // False: the slot belongs to a new passage already, which is linked once this is unlinked.
    bool let_go;
  };

  State(KnnOptions given, std::unique_ptr<index::HnswIndex> opened, ChangeNumber change,
        int64_t time)
      : options(std::move(given)),
        index(std::move(opened)),
        checkpoint_change(change),
        checkpoint_time(time) {}

  Result<Found> search(const float* query, const index::SearchOptions& given, bool exact,
                       std::span<index::Neighbor> out) const;

  // --- The writer's thread (knn_writer.cc).
  void write_until_stopped();
  // When the writer has something to do next, as things stand.
  Clock::time_point next_work() const REQUIRES(mutex);
  // From when on slots are unlinked, if there are any to unlink.
  Clock::time_point unlink_at() const REQUIRES(mutex);
  void unlink_some();
  void link_some();
  void retry_later(Status failure);

  // The newest change of which the graph has everything.
  ChangeNumber graph_change() const REQUIRES(mutex);
  bool checkpoint_due() const REQUIRES(mutex);
  Status write_checkpoint();
  void self_check();

  void note_change(ChangeNumber change) REQUIRES(mutex);
  // Whether everything that was added or removed is in the graph.
  bool settled() const REQUIRES(mutex) { return !busy && !pending.any() && unlinks.empty(); }

  // EIO once rows or graph could not be read: what was computed from them is no answer.
  Status readable() const;

  // For searches: PendingSlots::copy() and copy_backlog() run beside everything, without a lock.
  const PendingSlots& pending_to_copy() const NO_THREAD_SAFETY_ANALYSIS { return pending; }

  // --- Constant once the engine is open, or with a rule of its own.
  KnnOptions options;
  std::unique_ptr<index::HnswIndex> index;
  mutable SearchEpochs epochs;
  mutable std::atomic<uint64_t> searches{0};
  mutable std::atomic<bool> unreadable{false};  // readable() has said so in the log.

  IdleThreads linkers;

  // Order: stop_mutex, graph_mutex, the locks that make_durable takes, mutex.
  //
  // Serializes stop(), which may be called twice.
  Mutex stop_mutex;
  std::optional<Thread> writer GUARDED_BY(stop_mutex);

  // Whoever changes the graph or reads all of it holds this one. It is held while a checkpoint is
  // written: only the writer would wait for it.
  Mutex graph_mutex;

  // Comes after the storage mutex too.
  mutable Mutex mutex;
  CondVar wake_writer;
  CondVar progress;  // There is room, or everything has settled.
  PendingSlots pending GUARDED_BY(mutex);
  std::deque<Unlink> unlinks GUARDED_BY(mutex);  // At most one for each slot.
  size_t unlinks_first GUARDED_BY(mutex) = 0;    // So many of them come before anything is linked.
  bool busy GUARDED_BY(mutex) = false;           // The writer has a batch in hand.
  bool stopping GUARDED_BY(mutex) = false;
  bool settle_now GUARDED_BY(mutex) = false;  // Someone waits: the writer does not delay.
  Clock::time_point oldest_work GUARDED_BY(mutex) = Clock::time_point::max();
  Clock::time_point retry_at GUARDED_BY(mutex) = Clock::time_point::min();
  // Nothing is unlinked before then, unless a batch is full.
  Clock::time_point unlink_after GUARDED_BY(mutex) = Clock::time_point::min();
  Clock::time_point last_change_at GUARDED_BY(mutex) = Clock::now();
  ChangeNumber last_change GUARDED_BY(mutex) = 0;
  ChangeNumber checkpoint_change GUARDED_BY(mutex);
  int64_t checkpoint_time GUARDED_BY(mutex);
  uint64_t changes_since_checkpoint GUARDED_BY(mutex) = 0;
  float self_check_recall GUARDED_BY(mutex) = -1;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_KNN_STATE_H_
