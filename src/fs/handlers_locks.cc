// File locks, where they reach the backing filesystem.
#include <sys/file.h>

#include "fs/handlers.h"

namespace vexfs::fs::handlers {

// The files of the surface are the mount's own, and nobody shares them.
void on_getlk(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, struct flock* range) {
  VEXFS_HANDLER(req, getlk);
  if (is_surface(NodeId{ino})) return reply_status(req, Status(ENOLCK, "surface"));
  const Result<struct flock> found = fs.locks->get(open_file(fi), fi->lock_owner, *range);
  if (!found.ok()) return reply_status(req, found.status());
  fuse_reply_lock(req, &found.value());
}

void on_setlk(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, struct flock* range, int waits) {
  VEXFS_HANDLER(req, setlk);
  if (is_surface(NodeId{ino})) return reply_status(req, Status(ENOLCK, "surface"));
  const auto answer = fs.locks->set(req, open_file(fi), fi->lock_owner, *range, waits != 0);
  if (answer.has_value()) fuse_reply_err(req, *answer);
}

void on_flock(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, int operation) {
  VEXFS_HANDLER(req, flock);
  if (is_surface(NodeId{ino})) return reply_status(req, Status(ENOLCK, "surface"));
  const auto answer = fs.locks->flock(req, open_file(fi), operation);
  if (answer.has_value()) fuse_reply_err(req, *answer);
}

}  // namespace vexfs::fs::handlers
