// Splitting and joining of ranges.
#include "fs/locks/lock_ranges.h"

#include <algorithm>

namespace vexfs::fs {

// The index of the first range that does not end before `start`.
size_t LockRanges::first_behind(off_t start) const {
  const auto ends_before = [start](const LockRange& range) { return range.last < start; };
  const auto found = std::partition_point(ranges_.begin(), ranges_.end(), ends_before);
  return static_cast<size_t>(found - ranges_.begin());
}

void LockRanges::clear(off_t start, off_t last) {
  size_t at = first_behind(start);
  if (at == ranges_.size()) return;
  if (ranges_[at].start < start) {
    const LockRange whole = ranges_[at];
    ranges_[at].last = start - 1;
    ++at;
    if (whole.last > last) {
      ranges_.insert(ranges_.begin() + static_cast<ptrdiff_t>(at),
                     {last + 1, whole.last, whole.exclusive});
      return;
    }
  }
  size_t end = at;
  while (end < ranges_.size() && ranges_[end].last <= last) ++end;
  if (end < ranges_.size() && ranges_[end].start <= last) ranges_[end].start = last + 1;
  ranges_.erase(ranges_.begin() + static_cast<ptrdiff_t>(at),
                ranges_.begin() + static_cast<ptrdiff_t>(end));
}

bool LockRanges::is_split_by(off_t start, off_t last) const {
  const size_t at = first_behind(start);
  return at < ranges_.size() && ranges_[at].start < start && last < ranges_[at].last;
}

void LockRanges::set(const LockRange& range) {
  clear(range.start, range.last);
  const size_t at = first_behind(range.start);
  ranges_.insert(ranges_.begin() + static_cast<ptrdiff_t>(at), range);
  join_with_next(at);
  if (at > 0) join_with_next(at - 1);
}

void LockRanges::join_with_next(size_t at) {
  if (at + 1 >= ranges_.size()) return;
  LockRange& range = ranges_[at];
  const LockRange& next = ranges_[at + 1];
  if (range.exclusive != next.exclusive || range.last + 1 != next.start) return;
  range.last = next.last;
  ranges_.erase(ranges_.begin() + static_cast<ptrdiff_t>(at + 1));
}

bool LockRanges::conflict(const LockRange& range) const {
  for (size_t at = first_behind(range.start); at < ranges_.size(); ++at) {
    if (ranges_[at].start > range.last) return false;
    if (ranges_[at].exclusive || range.exclusive) return true;
  }
  return false;
}

}  // namespace vexfs::fs
