// The operation table, and the replies that all handlers share.
#include "fs/requests/handlers.h"

namespace vexfs::fs {

fuse_lowlevel_ops handler_operations(const FileSystem& fs) {
  fuse_lowlevel_ops ops = {};
  ops.lookup = handlers::on_lookup;
  ops.forget = handlers::on_forget;
  ops.forget_multi = handlers::on_forget_multi;
  ops.getattr = handlers::on_getattr;
  ops.setattr = handlers::on_setattr;
  ops.readlink = handlers::on_readlink;
  ops.mknod = handlers::on_mknod;
  ops.mkdir = handlers::on_mkdir;
  ops.symlink = handlers::on_symlink;
  ops.unlink = handlers::on_unlink;
  ops.rmdir = handlers::on_rmdir;
  ops.rename = handlers::on_rename;
  ops.link = handlers::on_link;
  ops.open = handlers::on_open;
  ops.create = handlers::on_create;
  ops.read = handlers::on_read;
  ops.write = handlers::on_write;
  if (fs.hears_close()) ops.flush = handlers::on_flush;
  ops.release = handlers::on_release;
  ops.fsync = handlers::on_fsync;
  ops.opendir = handlers::on_opendir;
  ops.readdir = handlers::on_readdir;
  ops.readdirplus = handlers::on_readdirplus;
  ops.releasedir = handlers::on_releasedir;
  ops.fsyncdir = handlers::on_fsyncdir;
  ops.statfs = handlers::on_statfs;
  ops.setxattr = handlers::on_setxattr;
  ops.getxattr = handlers::on_getxattr;
  ops.listxattr = handlers::on_listxattr;
  ops.removexattr = handlers::on_removexattr;
  ops.ioctl = handlers::on_ioctl;
  ops.poll = handlers::on_poll;
  ops.fallocate = handlers::on_fallocate;
  ops.copy_file_range = handlers::on_copy_file_range;
  ops.lseek = handlers::on_lseek;
  if (fs.locks != nullptr) {
    ops.getlk = handlers::on_getlk;
    ops.setlk = handlers::on_setlk;
    ops.flock = handlers::on_flock;
  }
  // There is no `access`, because the kernel checks permissions itself (default_permissions). There
  // is no `write_buf`, because data rarely comes here, and then a copy costs little.
  return ops;
}

namespace handlers {

void reply_status(fuse_req_t req, const Status& status) { fuse_reply_err(req, status.error()); }

void reply_entry(FileSystem& fs, fuse_req_t req, const Result<Entry>& entry) {
  if (!entry.ok()) {
    fuse_reply_err(req, entry.error());
    return;
  }
  const fuse_entry_param reply = entry_reply(entry.value(), fs.timeouts);
  // The kernel counts no lookup for a reply that it did not take.
  if (fuse_reply_entry(req, &reply) != 0) fs.backing.forget(entry.value().info.node, 1);
}

void reply_attributes(FileSystem& fs, fuse_req_t req, const Result<Entry>& entry) {
  if (!entry.ok()) {
    fuse_reply_err(req, entry.error());
    return;
  }
  fuse_reply_attr(req, &entry.value().stat, attribute_timeout(entry.value().info, fs.timeouts));
}

}  // namespace handlers
}  // namespace vexfs::fs
