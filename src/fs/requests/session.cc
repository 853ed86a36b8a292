// Session set-up: options, capabilities, and the custom I/O hooks.
#include "fs/requests/session.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/limits.h"
#include "base/log.h"
#include "fs/backing/mountinfo.h"
#include "fs/backing/unmount.h"
#include "fs/requests/handlers.h"

namespace vexfs::fs {
namespace {

// The background requests (read-ahead, asynchronous direct I/O) that the kernel keeps in flight.
constexpr unsigned kBackgroundMax = 64;

// libfuse splits its option list at commas. A backslash before a comma keeps it in the value.
std::string escape_option(const std::string& value) {
  std::string escaped;
  for (char c : value) {
    if (c == ',' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string option_list(const MountOptions& options, bool allow_other) {
  std::string list = "default_permissions";
  list += ",fsname=" + escape_option(options.fsname.empty() ? options.source : options.fsname);
  list += ",subtype=" + options.subtype;
  if (allow_other) list += ",allow_other";
  if (options.read_only) list += ",ro";
  if (options.auto_unmount) list += ",auto_unmount";
  if (!options.kernel.empty()) list += "," + options.kernel;
  return list;
}

ssize_t read_device(int fd, void* memory, size_t bytes, void*) { return ::read(fd, memory, bytes); }

ssize_t write_device(int fd, iovec* iov, int count, void* userdata) {
  Passthrough& passthrough = static_cast<FileSystem*>(userdata)->passthrough;
  if (passthrough.is_init_reply(iov, count)) {
    passthrough.patch_init_reply(*static_cast<abi::InitOut*>(iov[1].iov_base));
  }
  const ssize_t sent = ::writev(fd, iov, count);
  // libfuse stays silent on ENOENT, which means that the request is gone. On any other error it
  // calls perror(3), which takes 11.6 KiB of this thread's stack.
  if (sent < 0) errno = ENOENT;
  return sent;
}

void want_if_capable(fuse_conn_info* connection, unsigned capability) {
  connection->want |= connection->capable & capability;
}

// After start-up libfuse logs only replies that the kernel refused. Those messages are not worth
// the stack that formatting them takes.
void quiet_libfuse(fuse_log_level, const char*, va_list) {
  log(LogLevel::kInfo, "libfuse logged a message about a reply");
}

}  // namespace

std::atomic<bool> Session::ready_{false};

void Session::on_init(void*, fuse_conn_info* connection) {
  // See Passthrough::patch_init_reply.
  connection->want &= ~static_cast<unsigned>(FUSE_CAP_EXPORT_SUPPORT);
  want_if_capable(connection, FUSE_CAP_POSIX_ACL);
  want_if_capable(connection, FUSE_CAP_DONT_MASK);
  want_if_capable(connection, FUSE_CAP_CACHE_SYMLINKS);
  // Passthrough::patch_init_reply asks for version 2 instead.
  connection->want &= ~static_cast<unsigned>(FUSE_CAP_HANDLE_KILLPRIV);
  connection->max_write = limits::kDataBytesMax;
  connection->max_background = kBackgroundMax;
  ready_.store(true);
}

Status Session::open(const MountOptions& options, bool allow_other) {
  fuse_args arguments = FUSE_ARGS_INIT(0, nullptr);
  const std::string list = option_list(options, allow_other);
  if (fuse_opt_add_arg(&arguments, "vexfs") != 0 || fuse_opt_add_arg(&arguments, "-o") != 0 ||
      fuse_opt_add_arg(&arguments, list.c_str()) != 0) {
    return Status(ENOMEM, "session arguments");
  }
  fuse_lowlevel_ops ops = handler_operations(fs_);
  ops.init = &Session::on_init;
  fs_.session = fuse_session_new(&arguments, &ops, sizeof(ops), &fs_);
  fuse_opt_free_args(&arguments);
  if (fs_.session == nullptr) return Status(EINVAL, "libfuse refused the options");
  if (fuse_session_mount(fs_.session, options.mountpoint.c_str()) != 0) {
    return Status(EIO, "the mount was refused");
  }
  mounted_ = true;
  const int device = fuse_session_fd(fs_.session);
  const fuse_custom_io io = {write_device, read_device, nullptr, nullptr};
  if (fuse_session_custom_io(fs_.session, &io, device) != 0) return Status(EIO, "custom I/O");
  device_copy_ = Fd(::fcntl(device, F_DUPFD_CLOEXEC, 0));
  if (!device_copy_.valid()) return errno_status("copy the device's descriptor");
  const int flags = ::fcntl(device, F_GETFL);
  if (flags < 0 || ::fcntl(device, F_SETFL, flags | O_NONBLOCK) != 0) return errno_status("fcntl");
  fs_.passthrough.set_session(device);

  const Fd mountpoint(::open(options.mountpoint.c_str(), O_PATH | O_CLOEXEC));
  mount_id_ = mount_id_of(mountpoint.get());
  struct statx stx;
  if (::statx(AT_FDCWD, options.mountpoint.c_str(), AT_STATX_DONT_SYNC, 0, &stx) == 0) {
    fs_.backing.mounts().set_own_device(makedev(stx.stx_dev_major, stx.stx_dev_minor));
  }
  fuse_set_log_func(quiet_libfuse);
  return {};
}

// Closes the device, so that the mount answers with ENOTCONN instead of waiting for us. False when
// the kernel has ended the connection: then the mount is gone, and its id may be another's.
//
// libfuse would unmount whatever lies at the path. It does not when poll(2) reports an error on its
// descriptor, so in place of the device it gets a pipe that nobody reads.
bool Session::hang_up() {
  const int device = fuse_session_fd(fs_.session);
  pollfd state = {device, 0, 0};
  const bool connected = ::poll(&state, 1, 0) == 0;
  device_copy_ = Fd();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return connected;
  ::close(ends[0]);
  const Fd unread(ends[1]);
  if (::dup2(unread.get(), device) == device) fuse_session_unmount(fs_.session);
  return connected;
}

Session::~Session() {
  if (fs_.session == nullptr) return;
  if (mounted_ && hang_up()) unmount_by_id(mount_id_);
  fuse_session_destroy(fs_.session);
  fs_.session = nullptr;
}

}  // namespace vexfs::fs
