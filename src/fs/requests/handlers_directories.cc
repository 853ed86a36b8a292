// Directories: opendir, readdir, readdirplus, releasedir, fsyncdir.
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "fs/backing/directory_stream.h"
#include "fs/reply_buffer.h"
#include "fs/requests/handlers.h"
#include "fs/requests/vector_hooks.h"

namespace vexfs::fs::handlers {
namespace {

DirectoryStream& stream_of(const fuse_file_info* fi) {
  return *reinterpret_cast<DirectoryStream*>(fi->fh);
}

bool is_dot(const char* name) {
  return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

// An entry that the kernel takes as a mere name: it counts no lookup for it.
fuse_entry_param name_only(const DirectoryEntry& entry) {
  fuse_entry_param plain = {};
  plain.attr.st_ino = entry.inode;
  plain.attr.st_mode = static_cast<mode_t>(DTTOIF(entry.type));
  return plain;
}

// Appends one entry and returns the bytes that it takes. When these are more than `room`, nothing
// was appended and nothing was looked up.
size_t append_plus(FileSystem& fs, fuse_req_t req, NodeId directory, const DirectoryEntry& entry,
                   char* out, size_t room) {
  const size_t needed = fuse_add_direntry_plus(req, nullptr, 0, entry.name, nullptr, 0);
  if (needed > room) return needed;
  fuse_entry_param param = name_only(entry);
  if (!is_dot(entry.name)) {
    const Result<Entry> found = fs.backing.lookup(directory, entry.name);
    if (found.error() == ENOENT) return 0;  // It was removed after getdents64(2) had returned it.
    if (found.ok()) param = entry_reply(found.value(), fs.timeouts);
  }
  return fuse_add_direntry_plus(req, out, room, entry.name, &param, entry.next_offset);
}

size_t append_name(fuse_req_t req, const DirectoryEntry& entry, char* out, size_t room) {
  struct stat stat = {};
  stat.st_ino = entry.inode;
  stat.st_mode = static_cast<mode_t>(DTTOIF(entry.type));
  return fuse_add_direntry(req, out, room, entry.name, &stat, entry.next_offset);
}

// Takes back the lookups of a reply that the kernel did not take.
void forget_all(FileSystem& fs, const char* entries, size_t bytes) {
  for (size_t at = 0; at < bytes;) {
    fuse_direntplus entry;
    std::memcpy(&entry, entries + at, FUSE_NAME_OFFSET_DIRENTPLUS);
    if (entry.entry_out.nodeid != 0) fs.backing.forget(NodeId{entry.entry_out.nodeid}, 1);
    at += FUSE_DIRENTPLUS_SIZE(&entry);
  }
}

void fill(FileSystem& fs, fuse_req_t req, NodeId directory, size_t size, off_t offset,
          DirectoryStream& stream, bool plus) {
  const ReplyBuffer buffer = reply_buffer();
  const size_t capacity = std::min(size, buffer.bytes);
  size_t used = 0;
  Status failure;
  {
    MutexLock lock(stream.mutex());
    failure = stream.seek(offset);
    while (failure.ok()) {
      DirectoryEntry entry;
      const Result<bool> more = stream.peek(entry);
      if (!more.ok()) failure = more.status();
      if (!more.ok() || !more.value()) break;
      if (!is_own_store(directory, entry.name)) {
        const size_t room = capacity - used;
        const size_t bytes = plus ? append_plus(fs, req, directory, entry, buffer.data + used, room)
                                  : append_name(req, entry, buffer.data + used, room);
        if (bytes > room) break;
        used += bytes;
      }
      stream.consume();
    }
  }
  // Entries that were read before a failure are returned first. The next request meets the failure
  // again and reports it.
  if (used == 0 && !failure.ok()) return reply_status(req, failure);
  if (fuse_reply_buf(req, buffer.data, used) != 0 && plus) forget_all(fs, buffer.data, used);
}

}  // namespace

void on_opendir(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi) {
  VEXFS_HANDLER(req, opendir);
  if (is_surface(NodeId{ino})) return fs.surface.opendir(req, NodeId{ino}, *fi);
  Result<Fd> fd = fs.backing.open(NodeId{ino}, O_RDONLY | O_DIRECTORY);
  if (!fd.ok()) return reply_status(req, fd.status());
  auto stream =
      std::unique_ptr<DirectoryStream>(new (std::nothrow) DirectoryStream(std::move(fd).value()));
  if (stream == nullptr) return reply_status(req, Status(ENOMEM, "directory"));
  fi->fh = reinterpret_cast<uint64_t>(stream.get());
  // The kernel may keep a listing for as long as the directory's mtime stays the same.
  fi->cache_readdir = 1;
  fi->keep_cache = 1;
  if (fuse_reply_open(req, fi) == 0) (void)stream.release();
}

void on_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset, fuse_file_info* fi) {
  VEXFS_HANDLER(req, readdir);
  if (is_surface(NodeId{ino}))
    return fs.surface.readdir(req, NodeId{ino}, size, offset, *fi, false);
  fill(fs, req, NodeId{ino}, size, offset, stream_of(fi), false);
}

void on_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset, fuse_file_info* fi) {
  VEXFS_HANDLER(req, readdirplus);
  if (is_surface(NodeId{ino})) return fs.surface.readdir(req, NodeId{ino}, size, offset, *fi, true);
  fill(fs, req, NodeId{ino}, size, offset, stream_of(fi), true);
}

void on_releasedir(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi) {
  VEXFS_HANDLER(req, releasedir);
  if (is_surface(NodeId{ino})) return fs.surface.releasedir(req, NodeId{ino}, *fi);
  delete &stream_of(fi);
  fuse_reply_err(req, 0);
}

void on_fsyncdir(fuse_req_t req, fuse_ino_t ino, int data_only, fuse_file_info* fi) {
  VEXFS_HANDLER(req, fsyncdir);
  if (is_surface(NodeId{ino})) return reply_status(req, Status());
  const int fd = stream_of(fi).descriptor();
  if ((data_only != 0 ? ::fdatasync(fd) : ::fsync(fd)) != 0) {
    return reply_status(req, errno_status("fsync"));
  }
  reply_status(req, make_vectors_durable(fs, NodeId{ino}));
}

}  // namespace vexfs::fs::handlers
