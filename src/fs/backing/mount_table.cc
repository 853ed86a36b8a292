// Filesystems found while walking, kept by mount id.
#include "fs/backing/mount_table.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/limits.h"
#include "base/proc_path.h"

namespace vexfs::fs {
namespace {

// The device of `fd` without asking its filesystem: on the VexFS mount itself a plain fstat would
// wait for the thread that makes it.
dev_t device_of(int fd) {
  struct statx stx;
  if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &stx) != 0) return 0;
  return makedev(stx.stx_dev_major, stx.stx_dev_minor);
}

}  // namespace

std::optional<uint8_t> MountTable::find(int mount_id) const {
  for (size_t i = 0; i < mounts_.size(); ++i) {
    if (mounts_[i].mount_id == mount_id) return static_cast<uint8_t>(i);
  }
  return std::nullopt;
}

std::optional<uint8_t> MountTable::known(int mount_id) {
  MutexLock lock(mutex_);
  return find(mount_id);
}

Result<uint8_t> MountTable::index_of(int mount_id, int fd) {
  MutexLock lock(mutex_);
  if (const auto found = find(mount_id)) return *found;
  if (own_device_ != 0 && device_of(fd) == own_device_) {
    return Status(ELOOP, "the mount lies inside its own source");
  }
  if (mounts_.size() == limits::kBackingMountsMax) return Status(ENFILE, "backing mounts");
  Fd real(::open(ProcPath(fd).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!real.valid()) return errno_status("open a filesystem inside the source");
  mounts_.push_back({mount_id, std::move(real)});
  return static_cast<uint8_t>(mounts_.size() - 1);
}

int MountTable::descriptor(uint8_t index) {
  MutexLock lock(mutex_);
  return mounts_[index].fd.get();
}

void MountTable::set_own_device(dev_t device) {
  MutexLock lock(mutex_);
  own_device_ = device;
}

}  // namespace vexfs::fs
