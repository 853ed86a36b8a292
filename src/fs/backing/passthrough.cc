// The INIT patch and the two ioctls.
#include "fs/backing/passthrough.h"

#include <sys/ioctl.h>

#include <cerrno>

namespace vexfs::fs {
namespace {

// VexFS stands on one filesystem. The kernel allows two (FILESYSTEM_MAX_STACK_DEPTH); asking for
// less leaves room for an overlay above the mount.
constexpr uint32_t kStackDepth = 1;

}  // namespace

Passthrough::Passthrough(bool wanted, bool privileged) {
  if (!wanted) {
    turn_off("switched off by -o passthrough=off");
  } else if (!privileged) {
    turn_off("the daemon has no CAP_SYS_ADMIN");
  }
}

const char* Passthrough::reason() const {
  const char* reason = off_reason_.load(std::memory_order_relaxed);
  return reason == nullptr ? "active" : reason;
}

void Passthrough::turn_off(StaticText reason) { off_reason_.store(reason.c_str()); }

void Passthrough::init_request(const abi::InHeader& header, const abi::InitIn& in) {
  init_unique_ = header.unique;
  kernel_flags_ = in.flags;
  kernel_flags2_ = (in.flags & abi::kInitExt) != 0 ? in.flags2 : 0;
}

bool Passthrough::is_init_reply(const iovec* iov, int count) const {
  if (init_replied_ || init_unique_ == 0 || count < 2) return false;
  const auto& header = *static_cast<const abi::OutHeader*>(iov[0].iov_base);
  return iov[0].iov_len == sizeof(abi::OutHeader) && header.unique == init_unique_ &&
         header.error == 0 && iov[1].iov_len == sizeof(abi::InitOut);
}

void Passthrough::patch_init_reply(abi::InitOut& out) {
  init_replied_ = true;
  out.flags &= ~abi::kWritebackCache;  // The kernel refuses passthrough beside it.
  if ((kernel_flags_ & abi::kHandleKillprivV2) != 0) {
    out.flags = (out.flags & ~abi::kHandleKillpriv) | abi::kHandleKillprivV2;
  }
  if ((kernel_flags_ & abi::kSetxattrExt) != 0) {
    out.flags |= abi::kSetxattrExt;
    extends_setxattr_ = true;
  }
  // A handle of the mount names a node, which the kernel may forget; then nothing leads from the
  // handle to the file. So none are given out.
  if ((kernel_flags2_ & abi::kNoExportSupport2) != 0) {
    out.flags |= abi::kInitExt;
    out.flags2 |= abi::kNoExportSupport2;
  }
  if (!active()) return;
  if ((kernel_flags2_ & abi::kPassthrough2) == 0) {
    turn_off("the kernel has no FUSE passthrough (Linux 6.9 does)");
    return;
  }
  out.flags |= abi::kInitExt;
  out.flags2 |= abi::kPassthrough2;
  out.max_stack_depth = kStackDepth;
}

int Passthrough::open(int fd) {
  if (!active()) return 0;
  abi::BackingMap map{fd, 0, 0};
  const int id = ::ioctl(session_fd_, abi::kBackingOpen, &map);
  if (id > 0) return id;
  switch (errno) {
    case EPERM:
      turn_off("the kernel refuses this daemon (EPERM)");
      break;
    case ELOOP:
      turn_off("the backing filesystem is itself stacked (ELOOP)");
      break;
    case EOPNOTSUPP:  // This file only: its filesystem has no read_iter and write_iter.
    default:
      break;
  }
  return 0;
}

void Passthrough::close(int backing_id) {
  const auto id = static_cast<uint32_t>(backing_id);
  // It fails only when the connection is gone, and the registration with it.
  (void)::ioctl(session_fd_, abi::kBackingClose, &id);
}

}  // namespace vexfs::fs
