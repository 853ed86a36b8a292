// name_to_handle_at(2) and open_by_handle_at(2) behind FileHandle.
#include "fs/backing/file_handle.h"

#include <cstring>

namespace vexfs::fs {

bool FileHandle::operator==(const FileHandle& other) const {
  return type == other.type && mount == other.mount && bytes == other.bytes &&
         std::memcmp(data, other.data, bytes) == 0;
}

uint64_t hash(const FileHandle& handle) {
  // FNV-1a over the bytes, then a finaliser: inode numbers differ in few low bits.
  uint64_t h = 0xcbf29ce484222325ULL ^ handle.mount ^ (uint64_t{handle.type} << 8);
  for (uint32_t i = 0; i < handle.bytes; ++i) h = (h ^ handle.data[i]) * 0x100000001b3ULL;
  h ^= h >> 32;
  h *= 0x9e3779b97f4a7c15ULL;
  return h ^ (h >> 29);
}

Status handle_of(int fd, FileHandle& handle, int& mount_id) {
  return handle_of(fd, "", handle, mount_id);
}

Status handle_of(int directory, const char* name, FileHandle& handle, int& mount_id) {
  tree::KernelHandle kernel;
  VEXFS_CHECK_OK(tree::kernel_handle_of(directory, name, kernel, mount_id));
  handle.type = static_cast<uint8_t>(kernel.handle_type);
  handle.bytes = static_cast<uint16_t>(kernel.handle_bytes);
  std::memcpy(handle.data, kernel.data, kernel.handle_bytes);
  return {};
}

bool holds_inode_number(const FileHandle& handle, uint64_t inode) {
  // The number stands in words of 32 bits, the low one first; filesystems differ in its place.
  const auto low = static_cast<uint32_t>(inode);
  for (uint32_t at = 0; at + sizeof(low) <= handle.bytes; at += sizeof(low)) {
    if (std::memcmp(handle.data + at, &low, sizeof(low)) == 0) return true;
  }
  return false;
}

Status inode_number_handle_of(int fd, FileHandle& handle) {
  struct statx stx;
  if (::statx(fd, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &stx) != 0) {
    return errno_status("statx");
  }
  const bool has_birth = (stx.stx_mask & STATX_BTIME) != 0;
  const uint64_t parts[4] = {(uint64_t{stx.stx_dev_major} << 32) | stx.stx_dev_minor, stx.stx_ino,
                             has_birth ? static_cast<uint64_t>(stx.stx_btime.tv_sec) : 0,
                             has_birth ? uint64_t{stx.stx_btime.tv_nsec} : 0};
  handle.type = FileHandle::kInodeNumberType;
  handle.bytes = sizeof(parts);
  std::memcpy(handle.data, parts, sizeof(parts));
  return {};
}

int open_handle(int mount_fd, const FileHandle& handle, int flags) {
  return tree::open_kernel_handle(mount_fd, handle.type, handle.data, handle.bytes, flags);
}

}  // namespace vexfs::fs
