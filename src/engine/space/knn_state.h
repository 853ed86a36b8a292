// The inside of KnnSearchEngine, shared by its searches (knn_search_engine.cc) and its writer
// (knn_writer.cc).
#ifndef VEXFS_ENGINE_SPACE_KNN_STATE_H_
#define VEXFS_ENGINE_SPACE_KNN_STATE_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/idle_threads.h"
#include "base/thread.h"
#include "engine/space/knn_search_engine.h"
#include "engine/space/pending_slots.h"
#include "index/hnsw_index.h"

namespace vexfs::engine {

struct KnnSearchEngine::State {
  using Clock = std::chrono::steady_clock;

  // Found by no search any more; the graph still has it.
  struct Unlink {
    Slot slot;
    ChangeNumber change;
    bool let_go;  // Else it belongs to a new passage already, which waits for this to be done.
  };

  explicit State(KnnOptions given) : options(std::move(given)) {}

  Result<Found> search(const float* query, const index::SearchOptions& given, bool exact,
                       std::span<index::Neighbor> out) const;

  // --- The writer's thread (knn_writer.cc).
  static void run(void* state);
  void write_until_stopped();
  Clock::time_point next_work() const;  // Under mutex.
  Clock::time_point unlink_at() const;  // Under mutex.
  void unlink_some();
  void link_some();
  void retry_later(Status failure);

  ChangeNumber graph_change() const;  // Under mutex.
  bool checkpoint_due() const;        // Under mutex.
  Status write_checkpoint();
  void self_check();

  void note_change(ChangeNumber change);  // Under mutex.

  KnnOptions options;
  std::unique_ptr<index::HnswIndex> index;
  mutable SearchEpochs epochs;
  mutable std::atomic<uint64_t> searches{0};

  // Held by whoever changes the graph or reads all of it. Order: graph_mutex, the locks that
  // make_durable takes, mutex. Held over writing a checkpoint: only the writer would wait.
  std::mutex graph_mutex;

  IdleThreads linkers;

  mutable std::mutex mutex;  // Order: after that of VectorStorageManager. Guards what follows.
  std::condition_variable wake_writer;
  std::condition_variable progress;  // Room, or everything settled.
  PendingSlots pending;              // But for the copies of searches.
  std::deque<Unlink> unlinks;        // At most one for each slot.
  size_t unlinks_first = 0;          // So many of them come before anything is linked.
  bool busy = false;                 // The writer has a batch in hand.
  bool stopping = false;
  bool settle_now = false;  // Someone waits: no delay.
  Clock::time_point oldest_work = Clock::time_point::max();
  Clock::time_point retry_at = Clock::time_point::min();
  Clock::time_point unlink_after = Clock::time_point::min();  // But for a full batch.
  Clock::time_point last_change_at = Clock::now();
  ChangeNumber last_change = 0;
  ChangeNumber checkpoint_change = 0;
  int64_t checkpoint_time = 0;
  uint64_t changes_since_checkpoint = 0;
  float self_check_recall = -1;

  std::mutex stop_mutex;  // Of stop(), which may come twice. Before the others.
  std::optional<Thread> writer;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_KNN_STATE_H_
