// TextWork: what the threads of one TextIndexer share: queues, alarms, progress, and the news that
// the storage has for them.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_WORK_H_
#define VEXFS_ENGINE_INDEXING_TEXT_WORK_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/backoff.h"
#include "base/fd.h"
#include "base/idle_threads.h"
#include "base/mutex.h"
#include "base/status.h"
#include "engine/indexing/changed_keys.h"
#include "engine/indexing/ready_parts.h"
#include "engine/indexing/text_index.h"
#include "engine/indexing/text_queue.h"
#include "engine/storage/engine_options.h"
#include "engine/storage/text_events.h"
#include "tree/tree.h"

namespace vexfs::engine {

// The waits of a thread that tries again until an embedder or a full disk permits it; copy it.
inline constexpr Backoff kTextBackoff(std::chrono::milliseconds(500),
                                      std::chrono::milliseconds(60'000));

// Files flow in one direction: from `changed` through the keeper, or from the scanner, into
// `queue`; from there through a worker into `ready`; from there through the keeper into the
// storage. Each thread waits on what it takes from, or on `progressed`.
//
// Threads: all methods may run at once, except where a method names its thread. Lock order: the
// storage's mutex, then `mutex`, then the mutexes of `changed`, `queue` and `ready`. The storage
// may hold a reference for a moment longer than the indexer lives, so nothing here refers to the
// indexer's other parts.
class TextWork final : public TextEvents {
 public:
  using Clock = std::chrono::steady_clock;

  struct Progress {
    uint64_t moved = 0;     // Documents in the space that is filled.
    bool scanning = false;  // The tree is being walked, or is to be.
    uint64_t waiting = 0;   // Files that are known to need reading.
    float files_per_second = 0;
    float seconds_left = 0;
    Status trouble;  // Why indexing does not go on.
  };

  // `tree` and `storage` must outlive it. `fills`: the index is to replace another one, whose own
  // indexer watches for changes; this indexer then ignores renames and does not walk the tree.
  TextWork(tree::Tree& tree, VectorStorageManager& storage, std::shared_ptr<TextIndex> index,
           const EngineOptions& options, bool fills);
  // Call it once, before any thread starts. Fails as eventfd(2) does.
  Status prepare();

  // --- Stopping
  // Ends all waits. Nothing is pushed to the queues or taken from them any more.
  void stop();
  const std::atomic<bool>& stopping() const { return stopping_; }
  // The index cannot be changed any more; logs the reason.
  void stop_for(Status why);

  // --- Events of the storage
  // Runs on request threads under the storage's mutex: notes the object.
  void renamed(store::ObjectId object) override;
  void let_go(store::SpaceId space, std::span<const Slot> slots) override;
  // The objects renamed since the last call. Requests a scan if there were too many to note.
  std::vector<store::ObjectId> take_renamed();

  // --- The keeper's rounds
  void wake_keeper();
  // Keeper only. Returns after `timeout_ms`, or at once if wake_keeper() was called since the
  // round began.
  void wait_for_wake(int timeout_ms);
  // Keeper only. Until end_round() the keeper counts as busy.
  void begin_round();
  // Keeper only. `delayed`: it still keeps files that are not due yet.
  void end_round(bool delayed);

  // --- Scans
  void request_scan();
  // Scanner only. Waits until a scan is requested; false: the indexer is stopping.
  bool begin_scan();
  // Scanner or filler only.
  void end_scan();
  void set_files_left(uint64_t files) { files_left_ = files; }
  void subtract_files_left(uint64_t files);

  // --- Words that the lexical image lacks
  // Pushes a job for words only. `wait`: waits for room in the lane of scanned files; else the job
  // goes to the lane of changed files, if there is room.
  TextQueue::Pushed push_words(TextJob job, bool wait);
  // The words of one such job have been put.
  void finish_words() { --words_asked_; }
  // All words that the image lacked at the start have been requested.
  void set_words_requested();
  // Whether the lexical index has the words of all its passages, so that an image may be written.
  bool words_are_complete() const;

  // --- Trouble
  // Ok clears it.
  void set_trouble(Status status);
  // The trouble, if no change of the index can succeed any more; else ok.
  Status final_trouble() const;
  // EIO, EROFS and ENODATA: the storage refuses changes for good, or the space is gone.
  static bool is_final(const Status& status);
  // Waits that long, or until stop().
  void rest(std::chrono::milliseconds time);
  // Waits until no file is queued or being read; false: the indexer is stopping.
  bool wait_until_queue_is_empty();

  // --- Callers of the indexer
  // Waits until nothing waits to be indexed. EAGAIN: the indexer is stopping; else the trouble.
  Status wait_until_idle();
  // Whether a caller waits: then no file is delayed and no thread idles.
  bool is_waited_for() const { return waiting_ > 0; }
  // For the next second, neither the indexer's threads nor the graph's idle.
  void hurry();
  void count_finished() { ++finished_; }
  Progress progress() const;  // Without `moved`.

  // --- Constant after construction
  tree::Tree& tree;
  VectorStorageManager& storage;
  const std::shared_ptr<TextIndex> index;
  const EngineOptions options;
  const bool fills;

  // --- Parts with locks of their own
  ChangedKeys changed;  // Files whose content changed.
  TextQueue queue;      // Files that wait to be read, or are being read.
  ReadyParts ready;     // Documents that wait to be put.
  IdleThreads idlers;   // The scanner and the workers.
  // The embedder is about to be replaced: where it fails, documents go without vectors.
  std::atomic<bool> leaving{false};

  // Also guards what TextFiller says is guarded by it.
  mutable Mutex mutex;
  // Notified when anything changes that `mutex` guards, when the keeper ends a round, and by
  // stop().
  CondVar progressed;

 private:
  bool is_idle() const REQUIRES(mutex);
  void hurry_linking();

  Fd wake_;  // An eventfd, readable when the keeper has something to do.
  std::atomic<bool> stopping_{false};
  std::atomic<int> waiting_{0};          // Callers in wait_until_idle().
  std::atomic<uint64_t> files_left_{0};  // Files that the scan has not reached.
  std::atomic<uint64_t> finished_{0};    // Documents that were put.
  std::atomic<size_t> words_asked_{0};   // Jobs for words only that are not finished.

  bool scan_wanted_ GUARDED_BY(mutex);
  bool scanning_ GUARDED_BY(mutex) = true;       // A scan runs or is wanted.
  bool words_lacking_ GUARDED_BY(mutex) = true;  // Until set_words_requested().
  bool keeper_idle_ GUARDED_BY(mutex) = false;
  std::vector<store::ObjectId> renamed_ GUARDED_BY(mutex);
  bool renamed_overrun_ GUARDED_BY(mutex) = false;
  Status trouble_ GUARDED_BY(mutex);
  // When all was idle for the last time, and what finished_ was then.
  Clock::time_point busy_since_ GUARDED_BY(mutex) = Clock::now();
  uint64_t finished_before_ GUARDED_BY(mutex) = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_WORK_H_
