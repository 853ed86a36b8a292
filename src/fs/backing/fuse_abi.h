// The parts of the kernel's FUSE protocol (include/uapi/linux/fuse.h, protocol 7.40) that Debian
// 12's headers and libfuse 3.14 do not have: passthrough, the extended INIT, TMPFILE and STATX.
//
// Sizes are the protocol: each struct asserts its own.
#ifndef VEXFS_FS_BACKING_FUSE_ABI_H_
#define VEXFS_FS_BACKING_FUSE_ABI_H_

#include <linux/fuse.h>
#include <sys/ioctl.h>

#include <cstddef>
#include <cstdint>

namespace vexfs::fs::abi {

inline constexpr uint32_t kInitExt = 1U << 30;              // FUSE_INIT_EXT, in flags.
inline constexpr uint32_t kHandleKillprivV2 = 1U << 28;     // FUSE_HANDLE_KILLPRIV_V2, in flags.
inline constexpr uint32_t kHandleKillpriv = 1U << 19;       // FUSE_HANDLE_KILLPRIV, in flags.
inline constexpr uint32_t kWritebackCache = 1U << 16;       // FUSE_WRITEBACK_CACHE, in flags.
inline constexpr uint32_t kSetxattrExt = 1U << 29;          // FUSE_SETXATTR_EXT, in flags.
inline constexpr uint32_t kPassthrough2 = 1U << (37 - 32);  // FUSE_PASSTHROUGH, in flags2.

inline constexpr uint32_t kNoExportSupport2 = 1U
                                              << (38 - 32);  // FUSE_NO_EXPORT_SUPPORT, in flags2.

inline constexpr uint32_t kOpenPassthrough = 1U << 7;  // FOPEN_PASSTHROUGH.
inline constexpr uint32_t kOpenNoflush = 1U << 5;      // FOPEN_NOFLUSH.
inline constexpr uint32_t kOpenKeepCache = 1U << 1;    // FOPEN_KEEP_CACHE.
inline constexpr uint32_t kOpenDirectIo = 1U << 0;     // FOPEN_DIRECT_IO.

inline constexpr uint32_t kOpenKillSuidgid = 1U << 0;   // FUSE_OPEN_KILL_SUIDGID, in open_flags.
inline constexpr uint32_t kWriteKillSuidgid = 1U << 2;  // FUSE_WRITE_KILL_SUIDGID.

inline constexpr uint32_t kSetxattrAclKillSgid = 1U << 0;  // FUSE_SETXATTR_ACL_KILL_SGID.

inline constexpr uint32_t kOpcodeInit = 26;
inline constexpr uint32_t kOpcodeTmpfile = 51;
inline constexpr uint32_t kOpcodeStatx = 52;

struct InHeader {
  uint32_t len, opcode;
  uint64_t unique, nodeid;
  uint32_t uid, gid, pid;
  uint16_t total_extlen, padding;
};
static_assert(sizeof(InHeader) == 40);

struct OutHeader {
  uint32_t len;
  int32_t error;
  uint64_t unique;
};
static_assert(sizeof(OutHeader) == 16);

struct InitIn {
  uint32_t major, minor, max_readahead, flags, flags2;
  uint32_t unused[11];
};
static_assert(sizeof(InitIn) == 64);

struct InitOut {
  uint32_t major, minor, max_readahead, flags;
  uint16_t max_background, congestion_threshold;
  uint32_t max_write, time_gran;
  uint16_t max_pages, map_alignment;
  uint32_t flags2, max_stack_depth;
  uint32_t unused[6];
};
static_assert(sizeof(InitOut) == 64);

struct OpenOut {
  uint64_t fh;
  uint32_t open_flags;
  int32_t backing_id;
};
static_assert(sizeof(OpenOut) == 16 && sizeof(OpenOut) == sizeof(fuse_open_out));

struct CreateOut {  // CREATE and TMPFILE answer an entry and an open file at once.
  fuse_entry_out entry;
  OpenOut open;
};
static_assert(sizeof(CreateOut) == 144);

struct BackingMap {
  int32_t fd;
  uint32_t flags;
  uint64_t padding;
};
static_assert(sizeof(BackingMap) == 16);
inline constexpr unsigned long kBackingOpen = _IOW(229, 1, BackingMap);
inline constexpr unsigned long kBackingClose = _IOW(229, 2, uint32_t);

struct SetxattrIn {
  uint32_t size, flags, setxattr_flags, padding;
};
static_assert(sizeof(SetxattrIn) == 16);
inline constexpr size_t kSetxattrInCompatBytes = 8;  // FUSE_COMPAT_SETXATTR_IN_SIZE.

struct StatxIn {
  uint32_t getattr_flags, reserved;
  uint64_t fh;
  uint32_t sx_flags, sx_mask;
};
static_assert(sizeof(StatxIn) == 24);

struct StatxTime {
  int64_t seconds;
  uint32_t nanoseconds;
  int32_t reserved;
};

struct StatxOut {
  uint64_t attr_valid;
  uint32_t attr_valid_nsec, flags;
  uint64_t spare[2];
  uint32_t mask, blksize;
  uint64_t attributes;
  uint32_t nlink, uid, gid;
  uint16_t mode, spare0;
  uint64_t ino, size, blocks, attributes_mask;
  StatxTime atime, btime, ctime, mtime;
  uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
  uint64_t spare2[14];
};
static_assert(sizeof(StatxOut) == 32 + 256);

}  // namespace vexfs::fs::abi

#endif  // VEXFS_FS_BACKING_FUSE_ABI_H_
