// TextProgress: how far the index of text has come.
#ifndef VEXFS_ENGINE_QUERY_TEXT_PROGRESS_H_
#define VEXFS_ENGINE_QUERY_TEXT_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/status.h"

namespace vexfs::engine {

struct TextProgress {
  bool on = false;        // There is an index.
  bool indexing = false;  // Files wait, or the scan is not done.
  bool scanning = false;
  uint64_t documents = 0;  // That are as their files are.
  uint64_t passages = 0;
  uint64_t pending = 0;
  uint64_t failed = 0;
  uint64_t skipped = 0;
  float files_per_second = 0;
  float seconds_left = 0;
  Status trouble;  // Why it does not go on.

  // Another embedder is on its way.
  struct Switch {
    std::string to;          // Its name.
    uint64_t documents = 0;  // That it has embedded,
    uint64_t of = 0;         // of so many.
    float files_per_second = 0;
    float seconds_left = 0;
    Status trouble;
  };
  std::optional<Switch> change;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_TEXT_PROGRESS_H_
