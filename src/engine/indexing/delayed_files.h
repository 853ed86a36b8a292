// DelayedFiles: files that are to be read at a later time.
#ifndef VEXFS_ENGINE_INDEXING_DELAYED_FILES_H_
#define VEXFS_ENGINE_INDEXING_DELAYED_FILES_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "tree/tree.h"

namespace vexfs::engine {

// Ordered by the time at which they are due; each operation takes logarithmic time.
//
// Threads: one; it belongs to the keeper.
class DelayedFiles {
 public:
  using Clock = std::chrono::steady_clock;

  struct File {
    store::ObjectKey key;
    uint32_t tries = 0;  // How often it was looked for and not found.
    Clock::time_point due;
    Clock::time_point latest;  // `due` is never later.
  };

  // The file becomes due `by` after `now`. A file that waits already is put off too, but to no
  // later than limits::kTextSettleMaxMs (or the first `by`, if that is longer) after it was first
  // delayed: so a file that is written again and again is still read. True: it did not wait before.
  bool delay(const store::ObjectKey& key, std::chrono::milliseconds by, uint32_t tries,
             Clock::time_point now);
  size_t size() const { return files_.size(); }
  bool empty() const { return files_.empty(); }
  // The file that is due first. Must not be called when empty().
  const File& first() const { return *order_.begin()->second; }
  void pop_first();

 private:
  std::unordered_map<std::string, File> files_;  // By key. Its elements do not move.
  std::set<std::pair<Clock::time_point, const File*>> order_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_DELAYED_FILES_H_
