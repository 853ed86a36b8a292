// File locks, where they reach the backing filesystem.
#include <sys/file.h>

#include "fs/backing/caller.h"
#include "fs/requests/handlers.h"

namespace vexfs::fs {
namespace {

// Replies to a lock request. After a lock was acquired, its owner must see what others wrote under
// it, so the kernel's cached attributes are invalidated: it then asks for size and times before it
// trusts its cached pages again.
void answer_lock(fuse_req_t req, NodeId node, int error, bool unlocks) {
  if (error == 0 && !unlocks) {
    fuse_session* session = handlers::file_system(req).session;
    fuse_lowlevel_notify_inval_inode(session, static_cast<fuse_ino_t>(node), -1, 0);
  }
  fuse_reply_err(req, error);
}

void answer_waiter(const LockWaiter& waiter, int error) {
  answer_lock(waiter.req, waiter.file->node, error, false);
}

void on_interrupt(fuse_req_t req, void* waiters) {
  static_cast<LockWaiters*>(waiters)->interrupt(req);
}

void listen_to_libfuse(fuse_req_t req, LockWaiters* waiters) {
  fuse_req_interrupt_func(req, &on_interrupt, waiters);
}

bool is_interrupted(fuse_req_t req) { return fuse_req_interrupted(req) != 0; }

// A lock may open the backing file once more, and a file server checks the permissions of whoever
// opens it. So the thread acts as the caller.
void act_as_caller(fuse_req_t req) {
  const fuse_ctx* context = fuse_req_ctx(req);
  act_as(context->uid, context->gid, 0);
}

}  // namespace

const LockRequests kLibfuseLockRequests = {answer_waiter, listen_to_libfuse, is_interrupted};

namespace handlers {

// Files of the surface belong to the mount alone and cannot be locked: ENOLCK.
void on_getlk(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, struct flock* range) {
  VEXFS_HANDLER(req, getlk);
  if (is_surface(NodeId{ino})) return reply_status(req, Status(ENOLCK, "surface"));
  const Result<struct flock> found = fs.locks->get(open_file(fi), fi->lock_owner, *range);
  if (!found.ok()) return reply_status(req, found.status());
  fuse_reply_lock(req, &found.value());
}

void on_setlk(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, struct flock* range, int waits) {
  VEXFS_HANDLER(req, setlk);
  const NodeId node{ino};
  if (is_surface(node)) return reply_status(req, Status(ENOLCK, "surface"));
  act_as_caller(req);
  const auto answer = fs.locks->set(req, open_file(fi), fi->lock_owner, *range, waits != 0);
  if (answer.has_value()) answer_lock(req, node, *answer, range->l_type == F_UNLCK);
}

void on_flock(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, int operation) {
  VEXFS_HANDLER(req, flock);
  const NodeId node{ino};
  if (is_surface(node)) return reply_status(req, Status(ENOLCK, "surface"));
  act_as_caller(req);
  const auto answer = fs.locks->flock(req, open_file(fi), operation);
  if (answer.has_value()) answer_lock(req, node, *answer, (operation & LOCK_UN) != 0);
}

}  // namespace handlers
}  // namespace vexfs::fs
