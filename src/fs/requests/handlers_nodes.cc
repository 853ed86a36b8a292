// Finding inodes and letting them go: lookup, forget.
#include <cstring>

#include "fs/requests/handlers.h"

namespace vexfs::fs::handlers {

void on_lookup(fuse_req_t req, fuse_ino_t parent, const char* name) {
  VEXFS_HANDLER(req, lookup);
  const NodeId directory{parent};
  if (is_surface(directory) || is_own_store(directory, name)) {
    return fs.surface.lookup(req, directory, name);
  }
  const Result<Entry> entry = fs.backing.lookup(directory, name);
  // What lies in the source under the surface's name comes first, so that it can be removed.
  if (entry.error() == ENOENT && is_reserved(name)) return fs.surface.lookup(req, directory, name);
  if (entry.error() == ENOENT && fs.timeouts.negative > 0) {
    fuse_entry_param absent = {};
    absent.entry_timeout = fs.timeouts.negative;
    fuse_reply_entry(req, &absent);
    return;
  }
  reply_entry(fs, req, entry);
}

void on_forget(fuse_req_t req, fuse_ino_t ino, uint64_t lookups) {
  FileSystem& fs = file_system(req);
  if (admit(fs, Operation::forget, __builtin_frame_address(0)) && !is_surface(NodeId{ino})) {
    fs.backing.forget(NodeId{ino}, lookups);
  }
  fuse_reply_none(req);
}

void on_forget_multi(fuse_req_t req, size_t count, fuse_forget_data* forgets) {
  FileSystem& fs = file_system(req);
  if (admit(fs, Operation::forget_multi, __builtin_frame_address(0))) {
    for (size_t i = 0; i < count; ++i) {
      if (is_surface(NodeId{forgets[i].ino})) continue;
      fs.backing.forget(NodeId{forgets[i].ino}, forgets[i].nlookup);
    }
  }
  fuse_reply_none(req);
}

}  // namespace vexfs::fs::handlers
