// ObjectKeys: the permanent names of a source's inodes. The mount, root's commands and users'
// commands make equal keys.
#ifndef VEXFS_TREE_OBJECT_KEY_H_
#define VEXFS_TREE_OBJECT_KEY_H_

#include <cstdint>
#include <span>

#include "base/fd.h"
#include "base/status.h"
#include "store/rows.h"
#include "tree/kernel_handle.h"

namespace vexfs::tree {

using store::ObjectKey;

// The first byte of a key (docs/format.md#keys). All other values are the type of a kernel's
// handle, which follows it.
inline constexpr uint8_t kInodeKeyTag = kNoHandleType;  // Inode number and birth time follow.
inline constexpr uint8_t kAbsentKeyTag = 0xfe;  // An object's number follows: it has no inode.

// The key of the inode with this handle (name_to_handle_at(2)), without a system call. EOVERFLOW
// for a handle that no key can hold: a type above 0xfd, or more bytes than MAX_HANDLE_SZ.
Result<ObjectKey> key_from_handle(int type, std::span<const unsigned char> handle);

// The keys of one source. An inode is named by its handle where handles last beyond a mount;
// elsewhere by its number and time of birth, by which it cannot be opened. The choice depends on
// the filesystem alone, so that root, users and the mount make equal keys.
//
// Threads: all methods may run at once.
class ObjectKeys {
 public:
  // `source` (a directory, O_PATH will do) need not stay open.
  static Result<ObjectKeys> of_source(int source);

  // The key of the file behind `fd` (O_PATH will do). EXDEV where it is on another mount than the
  // source: what is mounted inside carries no vectors.
  Result<ObjectKey> key_of(int fd) const;
  bool by_handle() const { return by_handle_; }

 private:
  ObjectKeys(bool by_handle, uint64_t mount) : by_handle_(by_handle), mount_(mount) {}

  bool by_handle_;
  uint64_t mount_;  // The kernel's id of the source's mount.
};

// Opens the inode with this key. `source` is any descriptor on its filesystem but an O_PATH one.
// ESTALE when it is gone or the key holds no handle; EPERM without CAP_DAC_READ_SEARCH.
Result<Fd> open_by_key(int source, const ObjectKey& key, int flags);

// A key that no inode has, for an object whose file cannot be found anywhere.
ObjectKey absent_key(store::ObjectId object);

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_OBJECT_KEY_H_
