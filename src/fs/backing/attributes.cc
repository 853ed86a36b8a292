// stat to FUSE attributes, with timeouts.
#include "fs/backing/attributes.h"

namespace vexfs::fs {
namespace {

uint64_t whole(double seconds) { return static_cast<uint64_t>(seconds); }

uint32_t nanoseconds(double seconds) {
  return static_cast<uint32_t>((seconds - static_cast<double>(whole(seconds))) * 1e9);
}

}  // namespace

double attribute_timeout(const NodeInfo& info, const Timeouts& timeouts) {
  return info.open_for_write ? 0.0 : timeouts.attributes;
}

fuse_entry_param entry_reply(const Entry& entry, const Timeouts& timeouts) {
  fuse_entry_param reply;
  reply.ino = static_cast<fuse_ino_t>(entry.info.node);
  reply.generation = entry.info.generation;
  reply.attr = entry.stat;
  reply.attr_timeout = attribute_timeout(entry.info, timeouts);
  reply.entry_timeout = timeouts.entry;
  return reply;
}

fuse_entry_param created_reply(const Entry& entry, const Timeouts& timeouts) {
  fuse_entry_param reply = entry_reply(entry, timeouts);
  reply.attr_timeout = entry.stat.st_size == 0 ? timeouts.attributes : 0.0;
  return reply;
}

void fill_entry_out(const fuse_entry_param& entry, fuse_entry_out& out) {
  out.nodeid = entry.ino;
  out.generation = entry.generation;
  out.entry_valid = whole(entry.entry_timeout);
  out.entry_valid_nsec = nanoseconds(entry.entry_timeout);
  out.attr_valid = whole(entry.attr_timeout);
  out.attr_valid_nsec = nanoseconds(entry.attr_timeout);
  const struct stat& stat = entry.attr;
  fuse_attr& attr = out.attr;
  attr.ino = stat.st_ino;
  attr.size = static_cast<uint64_t>(stat.st_size);
  attr.blocks = static_cast<uint64_t>(stat.st_blocks);
  attr.atime = static_cast<uint64_t>(stat.st_atim.tv_sec);
  attr.mtime = static_cast<uint64_t>(stat.st_mtim.tv_sec);
  attr.ctime = static_cast<uint64_t>(stat.st_ctim.tv_sec);
  attr.atimensec = static_cast<uint32_t>(stat.st_atim.tv_nsec);
  attr.mtimensec = static_cast<uint32_t>(stat.st_mtim.tv_nsec);
  attr.ctimensec = static_cast<uint32_t>(stat.st_ctim.tv_nsec);
  attr.mode = stat.st_mode;
  attr.nlink = static_cast<uint32_t>(stat.st_nlink);
  attr.uid = stat.st_uid;
  attr.gid = stat.st_gid;
  attr.rdev = static_cast<uint32_t>(stat.st_rdev);
  attr.blksize = static_cast<uint32_t>(stat.st_blksize);
  attr.flags = 0;
}

}  // namespace vexfs::fs
