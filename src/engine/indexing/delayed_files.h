// DelayedFiles: files that are read when their time has come.
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

// In the order in which they are due; each step takes logarithmic time.
//
// Threads: one.
class DelayedFiles {
 public:
  using Clock = std::chrono::steady_clock;

  struct File {
    store::ObjectKey key;
    uint32_t tries = 0;
    Clock::time_point due;
    Clock::time_point latest;
  };

  // The file is due `by` after `now`. One that waits already is put off as well, but never beyond
  // limits::kTextSettleMaxMs (or the `by` of then) after it came: a file that is written again and
  // again has its turn all the same. True: it did not wait before.
  bool delay(const store::ObjectKey& key, std::chrono::milliseconds by, uint32_t tries,
             Clock::time_point now);
  size_t size() const { return files_.size(); }
  bool empty() const { return files_.empty(); }
  // The one that is due first. Not when empty().
  const File& first() const { return *order_.begin()->second; }
  void pop_first();

 private:
  std::unordered_map<std::string, File> files_;  // By key. Its files stay where they are.
  std::set<std::pair<Clock::time_point, const File*>> order_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_DELAYED_FILES_H_
