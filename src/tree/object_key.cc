// name_to_handle_at(2), statx(2) and open_by_handle_at(2) behind ObjectKey.
#include "tree/object_key.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cstring>

namespace vexfs::tree {
namespace {

static_assert(1 + kHandleBytesMax <= ObjectKey::kBytesMax, "a tag and a handle are a key");

void append(ObjectKey& key, const void* bytes, size_t count) {
  std::memcpy(key.data.data() + key.bytes, bytes, count);
  key.bytes = static_cast<uint16_t>(key.bytes + count);
}

void append_number(ObjectKey& key, uint64_t number) {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "keys are little-endian");
  append(key, &number, sizeof(number));
}

ObjectKey tagged(uint8_t tag) {
  ObjectKey key;
  append(key, &tag, sizeof(tag));
  return key;
}

}  // namespace

Result<ObjectKey> key_from_handle(int type, std::span<const unsigned char> handle) {
  if (type < 0 || type >= kAbsentKeyTag || handle.size() > kHandleBytesMax) {
    return Status(EOVERFLOW, "a handle of an unknown kind");
  }
  ObjectKey key = tagged(static_cast<uint8_t>(type));
  append(key, handle.data(), handle.size());
  return key;
}

ObjectKey absent_key(store::ObjectId object) {
  ObjectKey key = tagged(kAbsentKeyTag);
  append_number(key, static_cast<uint64_t>(object));
  return key;
}

Result<ObjectKeys> ObjectKeys::of_source(int source) {
  struct statx stx;
  if (::statx(source, "", AT_EMPTY_PATH, STATX_MNT_ID, &stx) != 0) return errno_status("statx");
  if ((stx.stx_mask & STATX_MNT_ID) == 0) return Status(ENOSYS, "statx without STATX_MNT_ID");
  struct statfs filesystem;
  if (::fstatfs(source, &filesystem) != 0) return errno_status("fstatfs");
  KernelHandle handle;
  int mount = 0;
  // The handles of a FUSE filesystem hold only as long as its mount.
  const bool by_handle =
      filesystem.f_type != FUSE_SUPER_MAGIC && kernel_handle_of(source, "", handle, mount).ok();
  return ObjectKeys(by_handle, stx.stx_mnt_id);
}

Result<ObjectKey> ObjectKeys::key_of(int fd) const {
  if (by_handle_) {
    KernelHandle handle;
    int mount = 0;
    const Status status = kernel_handle_of(fd, "", handle, mount);
    // A filesystem that is mounted inside the source may have no handles.
    if (status.error() == EOPNOTSUPP) return Status(EXDEV, "the file is on another filesystem");
    VEXFS_CHECK_OK(status);
    if (static_cast<uint64_t>(mount) != mount_)
      return Status(EXDEV, "the file is on another mount");
    return key_from_handle(handle.handle_type, {handle.data, handle.handle_bytes});
  }
  struct statx stx;
  if (::statx(fd, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME | STATX_MNT_ID,
              &stx) != 0) {
    return errno_status("statx");
  }
  if (stx.stx_mnt_id != mount_) return Status(EXDEV, "the file is on another mount");
  const bool has_birth = (stx.stx_mask & STATX_BTIME) != 0;
  ObjectKey key = tagged(kInodeKeyTag);
  append_number(key, stx.stx_ino);
  append_number(key, has_birth ? static_cast<uint64_t>(stx.stx_btime.tv_sec) : 0);
  append_number(key, has_birth ? stx.stx_btime.tv_nsec : 0);
  return key;
}

Result<Fd> open_by_key(int source, const ObjectKey& key, int flags) {
  if (key.bytes < 1 || key.data[0] >= kAbsentKeyTag || key.bytes > 1 + kHandleBytesMax) {
    return Status(ESTALE, "the key is no handle");
  }
  Fd fd(open_kernel_handle(source, key.data[0], key.data.data() + 1, key.bytes - 1U, flags));
  if (!fd.valid()) return errno_status("open_by_handle_at");
  return fd;
}

}  // namespace vexfs::tree
