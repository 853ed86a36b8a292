// ResultTable: the directories of results that the mount shows, each for the caller who asked.
#ifndef VEXFS_FS_SURFACE_RESULT_TABLE_H_
#define VEXFS_FS_SURFACE_RESULT_TABLE_H_

#include <sys/stat.h>
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/status.h"
#include "fs/backing/node.h"
#include "fs/surface/result_entries.h"

namespace vexfs::fs {

// What was asked, and by whom.
struct ResultQuestion {
  enum class Kind : uint8_t { kSearch, kSimilar };

  Kind kind = Kind::kSearch;
  NodeId directory = kNoNode;  // Whose `.vexfs` was asked.
  uint32_t generation = 0;     // Of the NodeId's use.
  std::string text;            // The query, or the name of the file.
  uid_t uid = 0;
  gid_t gid = 0;
  uint64_t credentials = 0;  // Credentials::hash(): the supplementary groups too.

  bool operator==(const ResultQuestion&) const = default;
};

// The results of one question. Once it is in the table it never changes, so lookup finds what
// readdir has listed.
struct ResultDirectory {
  ResultQuestion question;
  std::vector<ResultEntry> entries;
  NodeId node = kNoNode;
  uint64_t index_generation = 0;  // Engine::generation() before the search.
  uint64_t made = 0;              // monotonic_nanoseconds().
  timespec time = {};             // The same by the clock on the wall.

  // The attributes of the directory itself, and of an entry. Entries count from 1; kChangesEntry is
  // an entry too.
  struct stat attributes() const;
  struct stat attributes(uint32_t entry) const;
  // The number of the entry with this name, 0 when there is none.
  uint32_t find(std::string_view name) const;
  // The memory that it takes, all in all.
  size_t bytes() const;
};

// A directory lives for as long as anyone holds it. When the table needs room, it drops the one
// that has not been used for longest, but none that is held elsewhere: an open directory stays.
//
// Threads: all methods may run at once; mutex_ is a leaf.
class ResultTable {
 public:
  using Held = std::shared_ptr<const ResultDirectory>;

  // The directory of a node or of one of its entries; null when it is gone.
  Held get(NodeId node);
  // The last answer to this question, if it is still valid: while nothing has changed, or while the
  // caller still has it open. Null when the engine must be asked again.
  Held answered(const ResultQuestion& question, uint64_t index_generation, uint64_t now);
  // An earlier answer to the same question that has an entry of this name; null when none is kept.
  // So a program can open what it has listed, although the results have changed in between.
  Held listed_before(const ResultQuestion& question, std::string_view name);
  // Gives `made` a node and keeps it. ENFILE when what is open leaves no room.
  Result<Held> keep(std::unique_ptr<ResultDirectory> made);
  size_t bytes();

 private:
  struct Slot {
    Held directory;
    uint64_t used = 0;
  };
  Slot* oldest_unused() REQUIRES(mutex_);

  Mutex mutex_;
  std::array<Slot, limits::kResultDirectoriesMax> slots_ GUARDED_BY(mutex_);
  uint64_t clock_ GUARDED_BY(mutex_) = 0;
  uint64_t next_generation_ GUARDED_BY(mutex_) = 1;
  size_t bytes_ GUARDED_BY(mutex_) = 0;  // Of all slots.
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_RESULT_TABLE_H_
