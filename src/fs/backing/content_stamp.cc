// Size and times of an inode, before and after.
#include "fs/backing/content_stamp.h"

#include <sys/stat.h>

#include "base/limits.h"

namespace vexfs::fs {
namespace {

bool same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

int64_t milliseconds(const timespec& time) {
  return int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

}  // namespace

ContentStamp content_stamp(int fd) {
  struct stat stat;
  timespec now;
  if (::fstat(fd, &stat) != 0 || ::clock_gettime(CLOCK_REALTIME, &now) != 0) return {};
  // A time in the future does not show when the change was made, so it is not settled either.
  const bool is_settled = milliseconds(stat.st_ctim) + limits::kTimestampStepMs < milliseconds(now);
  return {is_settled, stat.st_size, stat.st_mtim, stat.st_ctim};
}

bool changed_since(const ContentStamp& before, int fd) {
  struct stat stat;
  if (::fstat(fd, &stat) != 0) return true;
  if (stat.st_nlink == 0) return false;
  return !before.known || stat.st_size != before.size || !same(stat.st_mtim, before.mtime) ||
         !same(stat.st_ctim, before.ctime);
}

}  // namespace vexfs::fs
