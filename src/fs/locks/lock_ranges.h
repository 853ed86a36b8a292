// LockRanges: the ranges of one file that one owner has locked, as fcntl(2) counts them.
#ifndef VEXFS_FS_LOCKS_LOCK_RANGES_H_
#define VEXFS_FS_LOCKS_LOCK_RANGES_H_

#include <sys/types.h>

#include <cstddef>
#include <limits>
#include <vector>

namespace vexfs::fs {

// Bytes `start` to `last`, both included. A lock to the end of the file, however far that moves,
// ends at kLast.
struct LockRange {
  static constexpr off_t kLast = std::numeric_limits<off_t>::max();

  off_t start = 0;
  off_t last = kLast;
  bool exclusive = false;  // F_WRLCK, not F_RDLCK.
};

// The ranges are sorted and disjoint, and neighbours of one kind are joined, so that a lock that is
// taken byte by byte needs the room of one range. A new lock replaces the owner's locks of the same
// bytes; clearing the middle of a range leaves two pieces.
//
// Threads: callers synchronise.
class LockRanges {
 public:
  void set(const LockRange& range);
  void clear(off_t start, off_t last);
  // Whether clear() would leave two pieces of one range.
  bool is_split_by(off_t start, off_t last) const;
  // Whether a lock of another owner on `range` would have to wait for one of these.
  bool conflict(const LockRange& range) const;

  size_t size() const { return ranges_.size(); }
  auto begin() const { return ranges_.begin(); }
  auto end() const { return ranges_.end(); }

 private:
  size_t first_behind(off_t start) const;
  void join_with_next(size_t at);

  std::vector<LockRange> ranges_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_LOCKS_LOCK_RANGES_H_
