// The inside of TextIndexer, shared by its threads: text_indexer.cc, text_keeper.cc,
// text_scanner.cc, text_fill.cc, text_worker.cc.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_INDEXER_STATE_H_
#define VEXFS_ENGINE_INDEXING_TEXT_INDEXER_STATE_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/idle_threads.h"
#include "base/thread.h"
#include "engine/indexing/changed_keys.h"
#include "engine/indexing/delayed_files.h"
#include "engine/indexing/ready_parts.h"
#include "engine/indexing/text_indexer.h"
#include "engine/indexing/text_queue.h"
#include "engine/storage/text_events.h"
#include "text/extractor.h"

namespace vexfs::engine {

struct TextIndexer::State final : TextEvents, std::enable_shared_from_this<State> {
  using Clock = std::chrono::steady_clock;

  State(tree::Tree& of, VectorStorageManager& in, std::shared_ptr<TextIndex> to,
        const EngineOptions& given, Task task)
      : tree(of),
        storage(in),
        index(std::move(to)),
        options(given),
        fills(task == Task::kFill),
        extractor(text::Extractor::find_program()) {}

  Status start();
  void stop();
  void wake();           // The keeper. Any thread.
  void hurry_linking();  // Any thread.
  bool is_idle() const;
  void stop_for(Status why);  // The index can be changed no more.

  // --- TextEvents
  void renamed(store::ObjectId object) override;
  void let_go(store::SpaceId space, std::span<const Slot> slots) override;

  // --- The keeper (text_keeper.cc)
  static void run_keeper(void* state);
  void keep_until_stopped();
  bool take_changes();
  void take_renamed();
  void take_back(store::ObjectId object);
  void delay(const store::ObjectKey& key, std::chrono::milliseconds by, uint32_t tries = 0);
  void push_due();
  bool put_some();
  Status claim_kept_texts(std::vector<TextPart>& parts);
  void put(std::vector<TextPart>& parts);
  void put_words(TextPart& part);
  void finish(const TextPart& part, const Status& status);
  void write_image_if_due(bool at_end);
  void idle_unless_wanted();
  int wait_ms() const;

  // --- The scanner (text_scanner.cc)
  static void run_scanner(void* state);
  void scan_until_stopped();
  bool read_lacking_words();
  void scan();
  TextQueue::Pushed push_words(TextJob job, bool wait);  // Any thread.

  // --- Filling a space beside another, in the scanner's place (text_fill.cc)
  void fill_until_done();
  bool push_unmoved();
  void finish_moved(const TextPart& part, const Status& status);

  // --- Workers (text_worker.cc)
  static void run_worker(void* state);
  void work_until_stopped();
  bool hand_over(std::vector<TextPart>& parts);

  tree::Tree& tree;
  VectorStorageManager& storage;
  const std::shared_ptr<TextIndex> index;
  const EngineOptions options;
  const bool fills;
  text::Extractor extractor;
  Fd work;  // An eventfd: the keeper has something to do.

  ChangedKeys changed;
  TextQueue queue;
  ReadyParts ready;
  std::atomic<bool> stopping{false};
  std::atomic<uint64_t> files_left{0};    // That the scan has not come to yet.
  std::atomic<uint64_t> finished{0};      // Documents that were put.
  std::atomic<uint64_t> moved{0};         // By this one, into the space that it fills;
  std::atomic<uint64_t> moved_before{0};  // by an earlier one.
  std::atomic<bool> leaving{false};       // See do_without_embedder().
  bool leaves_words = false;              // Before stop().
  std::atomic<size_t> words_asked{0};     // Jobs for words only that are in hand.
  IdleThreads idlers;                     // The scanner and the workers.
  std::atomic<int> waiting{0};            // Callers of sync(): no delay, and no idling.

  mutable std::mutex mutex;  // A leaf. Guards what follows.
  std::condition_variable progressed;
  bool scan_wanted = true;
  bool scanning = true;       // Or wanted.
  bool words_lacking = true;  // The lexical image lacks words that are still to be read.
  bool keeper_idle = false;   // Nothing is with the keeper.
  std::vector<store::ObjectId> renamed_objects;
  bool renamed_overrun = false;
  Status trouble;
  bool filled = false;
  Status fill_failure;             // Of a document, in this pass.
  Clock::time_point busy_since{};  // When it last had nothing to do, and had then.
  uint64_t finished_before = 0;

  // The keeper's own.
  DelayedFiles delayed;
  std::vector<store::ObjectKey> keys;
  bool brisk = false;  // The threads do not idle: someone waits, or there is little to do.
  // Hashes of names whose words are in no image yet, by object.
  std::unordered_map<store::ObjectId, uint64_t> renamed_words;
  Clock::time_point image_retry = Clock::time_point::min();
  Clock::time_point last_put = Clock::now();
  std::vector<store::ObjectId> lacking_words;  // Given to the scanner before it starts.

  std::optional<Thread> keeper;
  std::optional<Thread> scanner;
  std::vector<Thread> workers;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_INDEXER_STATE_H_
