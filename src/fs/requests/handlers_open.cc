// Open files: open, create, flush, release, fsync.
#include <fcntl.h>
#include <unistd.h>

#include "fs/backing/caller.h"
#include "fs/requests/handlers.h"
#include "fs/requests/kill_privileges.h"
#include "fs/requests/raw_requests.h"
#include "fs/requests/vector_hooks.h"

namespace vexfs::fs::handlers {
namespace {

// The daemon's own descriptor needs no O_DIRECT. With passthrough the kernel opens the backing file
// with the caller's flags; without it the data goes through buffers of ours, which are not aligned.
int backing_flags(int flags) { return (flags & ~O_DIRECT) | O_NOFOLLOW | O_CLOEXEC; }

// Each write says whether it appends, because the caller may change that by fcntl(2). So the
// descriptor does not, but for a file that may only be appended to, which opens in no other way.
void leave_appending_to_writes(int fd, int flags) {
  if ((flags & O_APPEND) != 0) (void)::fcntl(fd, F_SETFL, flags & ~(O_APPEND | O_DIRECT));
}

bool is_writable(int flags) { return (flags & O_ACCMODE) != O_RDONLY; }

// The FOPEN_ flags of a reply.
uint32_t open_reply_flags(const FileSystem& fs, const OpenFile& file) {
  uint32_t flags = fs.hears_close() ? 0 : abi::kOpenNoflush;
  // The kernel keeps cached pages for as long as size and mtime stay the same
  // (FUSE_AUTO_INVAL_DATA).
  flags |= file.backing_id > 0 ? abi::kOpenPassthrough : abi::kOpenKeepCache;
  return flags;
}

// Registers `fd` and answers the request: open, or create where an inode was `created`.
void reply_open(FileSystem& fs, fuse_req_t req, NodeId node, Fd fd, int flags,
                const Entry* created) {
  abi::CreateOut out;
  const Result<OpenFile*> opened = register_open(fs, node, std::move(fd), flags, created, out);
  if (!opened.ok()) return reply_status(req, opened.status());
  const int sent =
      created == nullptr
          ? fuse_reply_buf(req, reinterpret_cast<const char*>(&out.open), sizeof(out.open))
          : fuse_reply_buf(req, reinterpret_cast<const char*>(&out), sizeof(out));
  if (sent != 0) undo_open(fs, opened.value(), created);
}

}  // namespace

Result<OpenFile*> register_open(FileSystem& fs, NodeId node, Fd fd, int flags, const Entry* created,
                                abi::CreateOut& reply) {
  leave_appending_to_writes(fd.get(), flags);
  const ContentStamp before =
      created == nullptr ? stamp_before_open(fs, fd.get(), flags) : ContentStamp();
  const Result<OpenFile*> opened =
      fs.backing.open_files().open(node, std::move(fd), is_writable(flags), before);
  if (!opened.ok()) {
    if (created != nullptr) fs.backing.forget(node, 1);
    return opened;
  }
  const OpenFile& file = *opened.value();
  reply.open = {reinterpret_cast<uint64_t>(&file), open_reply_flags(fs, file), file.backing_id};
  if (created != nullptr) fill_entry_out(created_reply(*created, fs.timeouts), reply.entry);
  return opened;
}

void undo_open(FileSystem& fs, OpenFile* file, const Entry* created) {
  close_and_tell(fs, file);
  if (created != nullptr) fs.backing.forget(created->info.node, 1);
}

void on_open(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi) {
  VEXFS_HANDLER(req, open);
  const NodeId node{ino};
  if (is_surface(node)) return fs.surface.open(req, node, *fi);
  const fuse_ctx* context = fuse_req_ctx(req);
  // Passthrough writes run with the credentials of this open: they decide whether the blocks that
  // are reserved for root may be used.
  act_as(context->uid, context->gid, 0);
  Result<Fd> fd = fs.backing.open(node, backing_flags(fi->flags));
  if (!fd.ok()) return reply_status(req, fd.status());
  if ((fi->flags & O_TRUNC) != 0 && this_request_kills_privileges()) {
    (void)kill_privileges(fd.value().get(), *context);
  }
  if (is_writable(fi->flags)) {
    // Stores through a mapping change size and times without a request. Attributes that the kernel
    // cached before this open would outlive them.
    fuse_lowlevel_notify_inval_inode(fs.session, ino, -1, 0);
  }
  reply_open(fs, req, node, std::move(fd).value(), fi->flags, nullptr);
}

void on_create(fuse_req_t req, fuse_ino_t parent, const char* name, mode_t mode,
               fuse_file_info* fi) {
  VEXFS_HANDLER(req, create);
  if (is_surface(NodeId{parent})) return reply_status(req, Status(EPERM, "read-only surface"));
  if (is_reserved(name)) return reply_status(req, Status(EEXIST, "reserved name"));
  const Result<NodeFd> directory = fs.backing.directory(NodeId{parent});
  if (!directory.ok()) return reply_status(req, directory.status());
  const fuse_ctx* context = fuse_req_ctx(req);
  act_as(context->uid, context->gid, context->umask);
  Fd fd(::openat(directory.value().get(), name, backing_flags(fi->flags) | O_CREAT, mode));
  if (!fd.valid()) return reply_status(req, errno_status("openat"));
  const Result<Entry> entry = fs.backing.adopt(fd.get(), NodeId{parent}, name);
  if (!entry.ok()) return reply_status(req, entry.status());
  const NodeId node = entry.value().info.node;
  reply_open(fs, req, node, std::move(fd), fi->flags, &entry.value());
}

void on_flush(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi) {
  VEXFS_HANDLER(req, flush);
  if (is_surface(NodeId{ino})) return reply_status(req, Status());  // Linux before 5.16 asks.
  const OpenFile& file = open_file(fi);
  if (fs.locks != nullptr) fs.locks->drop(file, fi->lock_owner);
  if (!fs.flush_on_close) return reply_status(req, Status());
  // Closing a duplicate makes a network filesystem write back and report its errors.
  const int copy = ::fcntl(file.fd->get(), F_DUPFD_CLOEXEC, 0);
  fuse_reply_err(req, copy >= 0 && ::close(copy) == 0 ? 0 : errno);
}

void on_release(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi) {
  VEXFS_HANDLER(req, release);
  if (is_surface(NodeId{ino})) return fs.surface.release(req, NodeId{ino}, *fi);
  if (fs.locks != nullptr) fs.locks->close(open_file(fi));
  close_and_tell(fs, reinterpret_cast<OpenFile*>(fi->fh));
  fuse_reply_err(req, 0);
}

void on_fsync(fuse_req_t req, fuse_ino_t ino, int data_only, fuse_file_info* fi) {
  VEXFS_HANDLER(req, fsync);
  if (is_surface(NodeId{ino})) return reply_status(req, Status());
  const OpenFile& file = open_file(fi);
  const int fd = file.fd->get();
  if ((data_only != 0 ? ::fdatasync(fd) : ::fsync(fd)) != 0) {
    return reply_status(req, errno_status("fsync"));
  }
  if (file.writable) tell_content_synced(fs, NodeId{ino});
  reply_status(req, make_vectors_durable(fs, NodeId{ino}));
}

}  // namespace vexfs::fs::handlers
