// TextKeeper: the thread that decides when a changed file is read, and the only one that writes
// what was read to the storage and to the lexical index.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_KEEPER_H_
#define VEXFS_ENGINE_INDEXING_TEXT_KEEPER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "engine/indexing/delayed_files.h"
#include "engine/indexing/text_filler.h"
#include "engine/indexing/text_job.h"
#include "engine/indexing/text_work.h"
#include "store/rows.h"

namespace vexfs::engine {

// Works in rounds: takes what changed and what was renamed, queues the files that are due, puts
// what the workers read, and writes the lexical image now and then.
//
// Threads: run() belongs to one thread, which alone uses the fields; leave_words() may be called
// from any. Takes the storage's mutex in short steps, and no lock around them.
class TextKeeper {
 public:
  // Both must outlive it. `filler`: of an index that is to replace another one, else nullptr.
  TextKeeper(TextWork& work, TextFiller* filler) : work_(work), filler_(filler) {}

  // Returns once the work is stopped: after a last lexical image. Large stack.
  void run();
  // Nobody is to read the index any more: run() ends without a lexical image. Call it before
  // TextWork::stop().
  void leave_words() { leaves_words_ = true; }

 private:
  using Clock = TextWork::Clock;

  // --- What changed
  bool take_changes();
  void take_renamed();
  struct Renamed;
  void look_up(store::ObjectId object, const Snapshot& now, Renamed& renamed) const;
  void take_back(store::ObjectId object);
  void delay(const store::ObjectKey& key, std::chrono::milliseconds by, uint32_t tries = 0);
  void queue_due_files();

  // --- What was read
  bool put_some();
  Status claim_kept_texts(std::vector<TextPart>& parts);
  void put(std::vector<TextPart>& parts);
  void put_words(TextPart& part);
  void finish(const TextPart& part, const Status& status);
  void read_again_if_needed(const TextPart& part, bool again);
  void write_image_if_due(bool at_end);

  void set_idle_policy();
  int wait_ms() const;

  TextWork& work_;
  TextFiller* const filler_;
  std::atomic<bool> leaves_words_{false};

  DelayedFiles delayed_;
  std::vector<store::ObjectKey> keys_;  // Reused by take_changes().
  bool brisk_ = false;  // The threads do not idle: a caller waits, or there is little to do.
  // Hashes of names whose words are in no image yet, by object.
  std::unordered_map<store::ObjectId, uint64_t> renamed_words_;
  Clock::time_point image_retry_ = Clock::time_point::min();
  Clock::time_point last_put_ = Clock::now();
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_KEEPER_H_
