// Parsing of raw requests, and the two operations that libfuse 3.14 lacks.
#include "fs/requests/raw_requests.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstring>

#include "base/stack_monitor.h"
#include "fs/backing/caller.h"
#include "fs/requests/handlers.h"

namespace vexfs::fs {
namespace {

thread_local bool kills_privileges = false;

// Copies the fixed argument that follows the header; false when the request is too short for it.
template <typename Argument>
bool read_argument(const char* request, size_t bytes, Argument& argument) {
  if (bytes < sizeof(abi::InHeader) + sizeof(Argument)) return false;
  std::memcpy(&argument, request + sizeof(abi::InHeader), sizeof(Argument));
  return true;
}

int send(FileSystem& fs, uint64_t unique, int error, const void* data, size_t bytes) {
  abi::OutHeader header = {static_cast<uint32_t>(sizeof(header) + bytes), -error, unique};
  const iovec iov[2] = {{&header, sizeof(header)}, {const_cast<void*>(data), bytes}};
  const ssize_t sent = ::writev(fuse_session_fd(fs.session), iov, bytes == 0 ? 1 : 2);
  return sent < 0 ? -errno : 0;
}

bool admit_raw(FileSystem& fs, Operation operation, uint64_t unique, const void* frame) {
  fs.counters.count(operation);
  Latencies::name(operation);
  if (StackMonitor::probe_enter(static_cast<uint32_t>(operation), frame)) return true;
  send(fs, unique, ENOMEM, nullptr, 0);
  return false;
}

void fill_statx(const struct statx& stx, abi::StatxOut& out) {
  const auto time = [](const statx_timestamp& t) { return abi::StatxTime{t.tv_sec, t.tv_nsec, 0}; };
  out.mask = stx.stx_mask;
  out.blksize = stx.stx_blksize;
  out.attributes = stx.stx_attributes;
  out.attributes_mask = stx.stx_attributes_mask;
  out.nlink = stx.stx_nlink;
  out.uid = stx.stx_uid;
  out.gid = stx.stx_gid;
  out.mode = stx.stx_mode;
  out.ino = stx.stx_ino;
  out.size = stx.stx_size;
  out.blocks = stx.stx_blocks;
  out.atime = time(stx.stx_atime);
  out.btime = time(stx.stx_btime);
  out.ctime = time(stx.stx_ctime);
  out.mtime = time(stx.stx_mtime);
  out.rdev_major = stx.stx_rdev_major;
  out.rdev_minor = stx.stx_rdev_minor;
}

// Removes the two words that FUSE_SETXATTR_EXT added to the fixed part.
void shorten_setxattr(char* request, size_t& bytes) {
  constexpr size_t kAdded = sizeof(abi::SetxattrIn) - abi::kSetxattrInCompatBytes;
  char* added = request + sizeof(abi::InHeader) + abi::kSetxattrInCompatBytes;
  std::memmove(added, added + kAdded, bytes - sizeof(abi::InHeader) - sizeof(abi::SetxattrIn));
  bytes -= kAdded;
  const auto length = static_cast<uint32_t>(bytes);
  std::memcpy(request, &length, sizeof(length));
}

}  // namespace

namespace handlers {

// Answers statx(2) with STATX_BTIME. For all other attributes the kernel sends GETATTR.
void on_statx(FileSystem& fs, const abi::InHeader& header, const abi::StatxIn& in) {
  if (!admit_raw(fs, Operation::statx, header.unique, __builtin_frame_address(0))) return;
  const NodeId node{header.nodeid};
  abi::StatxOut out = {};
  // Nodes of the surface have no birth time.
  if (is_surface(node)) {
    const Result<struct stat> found = fs.surface.attributes(node);
    if (!found.ok()) return void(send(fs, header.unique, found.error(), nullptr, 0));
    const struct stat& stat = found.value();
    out.mask = STATX_BASIC_STATS & ~STATX_BLOCKS;
    out.nlink = static_cast<uint32_t>(stat.st_nlink);
    out.uid = stat.st_uid;
    out.gid = stat.st_gid;
    out.mode = static_cast<uint16_t>(stat.st_mode);
    out.ino = stat.st_ino;
    out.size = static_cast<uint64_t>(stat.st_size);
    const abi::StatxTime time = {stat.st_mtim.tv_sec, static_cast<uint32_t>(stat.st_mtim.tv_nsec),
                                 0};
    out.atime = out.mtime = out.ctime = time;
    return void(send(fs, header.unique, 0, &out, sizeof(out)));
  }
  const Result<NodeFd> fd = fs.backing.any(node);
  if (!fd.ok()) return void(send(fs, header.unique, fd.error(), nullptr, 0));
  const Result<Entry> entry = fs.backing.stat(node, fd.value().get());
  if (!entry.ok()) return void(send(fs, header.unique, entry.error(), nullptr, 0));
  struct statx stx;
  if (::statx(fd.value().get(), "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW,
              in.sx_mask & ~STATX__RESERVED, &stx) != 0) {
    return void(send(fs, header.unique, errno, nullptr, 0));
  }
  fill_statx(stx, out);
  out.ino = entry.value().stat.st_ino;
  out.attr_valid = static_cast<uint64_t>(attribute_timeout(entry.value().info, fs.timeouts));
  send(fs, header.unique, 0, &out, sizeof(out));
}

// Answers open(2) with O_TMPFILE, which makes a file without a name.
void on_tmpfile(FileSystem& fs, const abi::InHeader& header, const fuse_create_in& in) {
  if (!admit_raw(fs, Operation::tmpfile, header.unique, __builtin_frame_address(0))) return;
  const NodeId parent{header.nodeid};
  const auto fail = [&](int error) { send(fs, header.unique, error, nullptr, 0); };
  if (is_surface(parent)) return fail(EPERM);
  const Result<NodeFd> directory = fs.backing.directory(parent);
  if (!directory.ok()) return fail(directory.error());
  act_as(header.uid, header.gid, in.umask);
  const int flags = static_cast<int>(in.flags) & ~(O_CREAT | O_DIRECT);
  Fd fd(::openat(directory.value().get(), ".", flags | O_TMPFILE | O_CLOEXEC, in.mode));
  if (!fd.valid()) return fail(errno);
  const Result<Entry> entry = fs.backing.adopt(fd.get(), parent, "");
  if (!entry.ok()) return fail(entry.error());
  abi::CreateOut out;
  const Result<OpenFile*> opened =
      register_open(fs, entry.value().info.node, std::move(fd), flags, &entry.value(), out);
  if (!opened.ok()) return fail(opened.error());
  if (send(fs, header.unique, 0, &out, sizeof(out)) != 0) {
    undo_open(fs, opened.value(), &entry.value());
  }
}

}  // namespace handlers

bool this_request_kills_privileges() { return kills_privileges; }

bool preview_request(FileSystem& fs, char* request, size_t& bytes) {
  kills_privileges = false;
  abi::InHeader header;
  if (bytes < sizeof(header)) return false;
  std::memcpy(&header, request, sizeof(header));
  switch (header.opcode) {
    case abi::kOpcodeInit: {
      abi::InitIn in;
      if (read_argument(request, bytes, in)) fs.passthrough.init_request(header, in);
      return false;
    }
    case FUSE_OPEN: {
      fuse_open_in in;
      if (read_argument(request, bytes, in)) {
        kills_privileges = (in.open_flags & abi::kOpenKillSuidgid) != 0;
      }
      return false;
    }
    case FUSE_WRITE: {
      fuse_write_in in;
      if (read_argument(request, bytes, in)) {
        kills_privileges = (in.write_flags & abi::kWriteKillSuidgid) != 0;
      }
      return false;
    }
    case FUSE_SETXATTR: {
      abi::SetxattrIn in;
      if (!fs.passthrough.extends_setxattr() || !read_argument(request, bytes, in)) return false;
      kills_privileges = (in.setxattr_flags & abi::kSetxattrAclKillSgid) != 0;
      shorten_setxattr(request, bytes);
      return false;
    }
    case abi::kOpcodeStatx: {
      abi::StatxIn in;
      if (!read_argument(request, bytes, in)) return false;
      handlers::on_statx(fs, header, in);
      return true;
    }
    case abi::kOpcodeTmpfile: {
      fuse_create_in in;
      if (!read_argument(request, bytes, in)) return false;
      handlers::on_tmpfile(fs, header, in);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace vexfs::fs
