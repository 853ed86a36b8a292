// Filesystems found while walking, kept by mount id.
#include "fs/backing/mount_table.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/proc_path.h"
#include "tree/open_beneath.h"

namespace vexfs::fs {
namespace {

// The device of `fd` without asking its filesystem: on the VexFS mount itself a plain fstat would
// wait for the thread that makes it.
dev_t device_of(int fd) {
  struct statx stx;
  if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &stx) != 0) return 0;
  return makedev(stx.stx_dev_major, stx.stx_dev_minor);
}

// "sub/stick" for a descriptor of it, where `root` is one of the source. The link of a descriptor
// tells its path even where the VexFS mount covers it.
std::string path_below(int root, int fd) {
  std::string paths[2];
  for (int i = 0; i < 2; ++i) {
    std::string target(limits::kSymlinkBytesMax, '\0');
    const ssize_t bytes =
        ::readlink(ProcPath(i == 0 ? root : fd).c_str(), target.data(), target.size());
    if (bytes <= 0 || static_cast<size_t>(bytes) == target.size()) return {};
    paths[i].assign(target, 0, static_cast<size_t>(bytes));
  }
  if (paths[0] != "/") paths[0] += '/';
  return paths[1].starts_with(paths[0]) ? paths[1].substr(paths[0].size()) : std::string();
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
  const auto found = find(mount_id);
  if (found && mounts_[*found].fd != nullptr) return *found;
  const dev_t device = device_of(fd);
  VEXFS_CHECK_OK(refuse_own(device));
  if (!found && mounts_.size() == limits::kBackingMountsMax) {
    return Status(ENFILE, "backing mounts");
  }
  Fd real(::open(ProcPath(fd).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!real.valid()) return errno_status("open a filesystem inside the source");
  auto shared = std::make_shared<const Fd>(std::move(real));
  std::string path = mounts_.empty() ? std::string() : path_below(mounts_[0].fd->get(), fd);
  if (found) {
    mounts_[*found] = {mount_id, device, std::move(path), std::move(shared)};
    return *found;
  }
  mounts_.push_back({mount_id, device, std::move(path), std::move(shared)});
  return static_cast<uint8_t>(mounts_.size() - 1);
}

Status MountTable::refuse_own(dev_t device) const {
  if (own_device_ == 0 || device != own_device_) return {};
  return Status(ELOOP, "the mount lies inside its own source");
}

Status MountTable::refuse_own_mount(int fd) const {
  const MutexLock lock(mutex_);
  return refuse_own(device_of(fd));
}

void MountTable::open_again(Mount& mount) {
  if (mount.path.empty()) return;
  Fd fd = tree::open_step(mounts_[0].fd->get(), mount.path.c_str(),
                          O_RDONLY | O_NONBLOCK | O_CLOEXEC, tree::MountPoints::kEntered);
  if (!fd.valid() || device_of(fd.get()) != mount.device) return;
  mount.fd = std::make_shared<const Fd>(std::move(fd));
}

std::shared_ptr<const Fd> MountTable::descriptor(uint8_t index) {
  MutexLock lock(mutex_);
  Mount& mount = mounts_[index];
  if (mount.fd == nullptr) open_again(mount);
  return mount.fd;
}

void MountTable::close_idle() {
  MutexLock lock(mutex_);
  for (size_t i = 1; i < mounts_.size(); ++i) {
    if (!mounts_[i].path.empty()) mounts_[i].fd.reset();
  }
}

void MountTable::set_own_device(dev_t device) {
  MutexLock lock(mutex_);
  own_device_ = device;
}

}  // namespace vexfs::fs
