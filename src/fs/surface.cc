// Nodes made of numbers: kSurfaceBit | directory << 2 | which.
#include "fs/surface.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "fs/handlers.h"

namespace vexfs::fs {
namespace {

struct Name {
  std::string_view text;
  uint32_t which;  // 0 is the directory; the others are Report.
};
constexpr std::array<Name, 3> kFiles = {{{"status", static_cast<uint32_t>(Report::kStatus)},
                                         {"stack", static_cast<uint32_t>(Report::kStack)},
                                         {"metrics", static_cast<uint32_t>(Report::kMetrics)}}};
constexpr double kForever = 86400.0;  // The surface never changes.

uint32_t which_of(NodeId node) { return static_cast<uint32_t>(static_cast<uint64_t>(node) & 3); }

uint64_t directory_of(NodeId node) { return (static_cast<uint64_t>(node) & ~kSurfaceBit) >> 2; }

uint64_t surface_id(uint64_t directory, uint32_t which) {
  return kSurfaceBit | directory << 2 | which;
}

struct stat stat_of(uint64_t id) {
  const bool is_directory = which_of(NodeId{id}) == 0;
  struct stat stat = {};
  stat.st_ino = id;
  stat.st_mode = is_directory ? S_IFDIR | 0555 : S_IFREG | 0444;
  stat.st_nlink = is_directory ? 2 : 1;
  stat.st_uid = ::geteuid();
  stat.st_gid = ::getegid();
  return stat;
}

fuse_entry_param entry_of(uint64_t id) {
  fuse_entry_param entry = {};
  entry.ino = id;
  entry.attr = stat_of(id);
  entry.attr_timeout = entry.entry_timeout = kForever;
  return entry;
}

}  // namespace

void Surface::lookup(fuse_req_t req, NodeId parent, std::string_view name) const {
  uint64_t id = 0;
  if (!is_surface(parent)) {
    id = surface_id(static_cast<uint64_t>(parent), 0);
  } else {
    for (const Name& file : kFiles) {
      if (which_of(parent) == 0 && file.text == name)
        id = surface_id(directory_of(parent), file.which);
    }
  }
  if (id == 0) {
    fuse_reply_err(req, ENOENT);
    return;
  }
  const fuse_entry_param entry = entry_of(id);
  fuse_reply_entry(req, &entry);
}

struct stat Surface::attributes(NodeId node) {
  return stat_of(static_cast<uint64_t>(node));
}

void Surface::getattr(fuse_req_t req, NodeId node) const {
  const struct stat stat = attributes(node);
  fuse_reply_attr(req, &stat, kForever);
}

void Surface::readdir(fuse_req_t req, NodeId node, size_t size, off_t offset, bool plus) const {
  const ReplyBuffer buffer = reply_buffer();
  const size_t capacity = std::min(size, buffer.bytes);
  size_t used = 0;
  // Offsets: 0 and 1 are the dots, then the files in order.
  for (auto i = static_cast<size_t>(offset); i < 2 + kFiles.size(); ++i) {
    const bool dot = i < 2;
    const char* name = i == 0 ? "." : i == 1 ? ".." : kFiles[i - 2].text.data();
    const uint64_t id = surface_id(directory_of(node), dot ? 0 : kFiles[i - 2].which);
    const auto next = static_cast<off_t>(i + 1);
    fuse_entry_param entry = entry_of(id);
    if (dot) entry.ino = 0;  // Named, not looked up.
    const size_t room = capacity - used;
    const size_t bytes =
        plus ? fuse_add_direntry_plus(req, buffer.data + used, room, name, &entry, next)
             : fuse_add_direntry(req, buffer.data + used, room, name, &entry.attr, next);
    if (bytes > room) break;
    used += bytes;
  }
  fuse_reply_buf(req, buffer.data, used);
}

void Surface::open(fuse_req_t req, NodeId node, const fuse_file_info& fi) const {
  if ((fi.flags & O_ACCMODE) != O_RDONLY) {
    fuse_reply_err(req, EACCES);
    return;
  }
  if (!reporter_(reporter_context_, static_cast<Report>(which_of(node)), req, fi)) {
    fuse_reply_err(req, EAGAIN);
  }
}

void Surface::read(fuse_req_t req, size_t size, off_t offset, const fuse_file_info& fi) const {
  const auto& text = *reinterpret_cast<const std::string*>(fi.fh);
  const size_t start = std::min(static_cast<size_t>(offset), text.size());
  // From the thread's own buffer: once the kernel has the reply, a release may free the text.
  const ReplyBuffer buffer = reply_buffer();
  const size_t bytes = std::min({size, text.size() - start, buffer.bytes});
  std::memcpy(buffer.data, text.data() + start, bytes);
  fuse_reply_buf(req, buffer.data, bytes);
}

void Surface::release(fuse_req_t req, const fuse_file_info& fi) const {
  delete reinterpret_cast<std::string*>(fi.fh);
  fuse_reply_err(req, 0);
}

void Surface::reply_report(fuse_req_t req, fuse_file_info fi, std::string text) {
  auto kept = std::make_unique<std::string>(std::move(text));
  fi.fh = reinterpret_cast<uint64_t>(kept.get());
  fi.direct_io = 1;  // The size is not known before.
  fi.noflush = 1;
  if (fuse_reply_open(req, &fi) == 0) (void)kept.release();
}

}  // namespace vexfs::fs
