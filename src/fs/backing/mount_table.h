// MountTable: the filesystems of the backing tree, for open_by_handle_at(2).
#ifndef VEXFS_FS_BACKING_MOUNT_TABLE_H_
#define VEXFS_FS_BACKING_MOUNT_TABLE_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/mutex.h"
#include "base/status.h"

namespace vexfs::fs {

// Index 0 is the filesystem of the source. Another one is added when a lookup first enters it. Its
// descriptor keeps it mounted, so it is closed when the mount is idle, and opened again by the path
// below the source when a request next needs it.
//
// Threads: all methods lock mutex_, a leaf; a descriptor is opened under it, once per filesystem.
class MountTable {
 public:
  // The index of mount `mount_id`; `fd` is an O_PATH descriptor of an object on it.
  // ELOOP for the VexFS mount itself (it lies inside its own source), ENFILE when full.
  Result<uint8_t> index_of(int mount_id, int fd);
  // ELOOP where `fd` is on the VexFS mount itself, which gives no file handles.
  Status refuse_own_mount(int fd) const;
  // As index_of(), for a mount that has an index already.
  std::optional<uint8_t> known(int mount_id);
  // A real descriptor on the filesystem. Null when it is mounted there no more.
  std::shared_ptr<const Fd> descriptor(uint8_t index);
  // Lets go of all filesystems but the source's.
  void close_idle();

  // The device number of the VexFS mount, once it is known: lookups must not enter it.
  void set_own_device(dev_t device);

 private:
  struct Mount {
    int mount_id;
    dev_t device;
    std::string path;  // Below the source; empty for the source, and where /proc does not say.
    std::shared_ptr<const Fd> fd;
  };

  Status refuse_own(dev_t device) const REQUIRES(mutex_);
  void open_again(Mount& mount) REQUIRES(mutex_);

  std::optional<uint8_t> find(int mount_id) const REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::vector<Mount> mounts_ GUARDED_BY(mutex_);
  dev_t own_device_ GUARDED_BY(mutex_) = 0;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_MOUNT_TABLE_H_
