// Who answers what in `.vexfs`.
#include "fs/surface.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

#include "base/limits.h"
#include "fs/handlers.h"
#include "fs/stream_file.h"
#include "fs/surface_node.h"

namespace vexfs::fs {
namespace {

struct Name {
  std::string_view text;
  SurfaceFile file;
};
constexpr std::array<Name, 7> kNames = {{{"status", SurfaceFile::kStatus},
                                         {"stack", SurfaceFile::kStack},
                                         {"metrics", SurfaceFile::kMetrics},
                                         {"query", SurfaceFile::kQuery},
                                         {"query.f32", SurfaceFile::kQueryF32},
                                         {"control", SurfaceFile::kControl},
                                         {"similar", SurfaceFile::kSimilar}}};
constexpr double kForever = 86400.0;  // What never changes.

bool is_directory(SurfaceFile file) {
  return file == SurfaceFile::kDirectory || file == SurfaceFile::kSimilar;
}

bool is_stream(SurfaceFile file) {
  return file == SurfaceFile::kQuery || file == SurfaceFile::kQueryF32 ||
         file == SurfaceFile::kControl;
}

SurfaceJob::Kind kind_of(SurfaceFile file) {
  if (file == SurfaceFile::kQueryF32) return SurfaceJob::Kind::kQueryF32;
  return file == SurfaceFile::kControl ? SurfaceJob::Kind::kControl : SurfaceJob::Kind::kQuery;
}

// Each open of a stream by its path gets an inode of its own: the kernel lets one write to an inode
// at a time, and one user's long search shall not keep the others waiting.
bool has_instances(SurfaceFile file) { return is_stream(file); }

struct stat stat_of(NodeId node) {
  const SurfaceFile file = file_of(node);
  struct stat stat = {};
  stat.st_ino = static_cast<uint64_t>(surface_node(directory_of(node), file));
  stat.st_mode = is_directory(file) ? S_IFDIR | 0555
                 : is_stream(file)  ? S_IFREG | 0666
                                    : S_IFREG | 0444;
  stat.st_nlink = is_directory(file) ? 2 : 1;
  stat.st_uid = ::geteuid();
  stat.st_gid = ::getegid();
  return stat;
}

fuse_entry_param entry_of(NodeId node) {
  fuse_entry_param entry = {};
  entry.ino = static_cast<fuse_ino_t>(node);
  entry.attr = stat_of(node);
  entry.attr_timeout = kForever;
  entry.entry_timeout = has_instances(file_of(node)) ? 0 : kForever;
  return entry;
}

NodeId entry_node(const ResultDirectory& directory, uint32_t entry) {
  return NodeId{static_cast<uint64_t>(directory.node) + entry};
}

// One entry of a listing under way.
struct Listing {
  fuse_req_t req;
  char* out;
  size_t room;
  bool plus;

  // False when it does not fit. A dot is named only.
  bool add(const char* name, fuse_entry_param entry, bool dot, size_t next) {
    if (dot) entry.ino = 0;
    const auto offset = static_cast<off_t>(next);
    const size_t bytes = plus ? fuse_add_direntry_plus(req, out, room, name, &entry, offset)
                              : fuse_add_direntry(req, out, room, name, &entry.attr, offset);
    if (bytes > room) return false;
    out += bytes;
    room -= bytes;
    return true;
  }
};

void list_names(Listing& listing, NodeId node, size_t offset) {
  const bool has_files = file_of(node) == SurfaceFile::kDirectory;
  const size_t end = has_files ? 2 + kNames.size() : 2;
  for (size_t i = offset; i < end; ++i) {  // 0 and 1 are the dots.
    const bool dot = i < 2;
    const char* name = i == 0 ? "." : i == 1 ? ".." : kNames[i - 2].text.data();
    const NodeId entry = dot ? node : surface_node(directory_of(node), kNames[i - 2].file);
    if (!listing.add(name, entry_of(entry), dot, i + 1)) return;
  }
}

void list_results(Listing& listing, const ResultDirectory& directory, size_t offset) {
  for (size_t i = offset; i < 2 + directory.entries.size(); ++i) {
    const bool dot = i < 2;
    const auto rank = static_cast<uint32_t>(dot ? 0 : i - 1);
    const char* name = i == 0 ? "." : i == 1 ? ".." : directory.entries[rank - 1].name.c_str();
    fuse_entry_param entry = {};
    entry.ino = static_cast<fuse_ino_t>(entry_node(directory, rank));
    entry.attr = dot ? directory.attributes() : directory.attributes(rank);
    entry.attr_timeout = entry.entry_timeout = kForever;
    if (!listing.add(name, entry, dot, i + 1)) return;
  }
}

const ResultTable::Held& held_by(const fuse_file_info& fi) {
  return *reinterpret_cast<const ResultTable::Held*>(fi.fh);
}

}  // namespace

void Surface::lookup(fuse_req_t req, NodeId parent, std::string_view name) {
  if (!is_surface(parent)) {
    const fuse_entry_param entry = entry_of(surface_node(parent, SurfaceFile::kDirectory));
    fuse_reply_entry(req, &entry);
    return;
  }
  if (is_result(parent)) return lookup_in_results(req, parent, name);
  if (file_of(parent) == SurfaceFile::kSimilar) {
    return post(req, SurfaceJob::Kind::kSimilar, parent, nullptr, name);
  }
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [name](const Name& known) { return known.text == name; });
  if (file_of(parent) != SurfaceFile::kDirectory || found == kNames.end()) {
    fuse_reply_err(req, ENOENT);
    return;
  }
  const uint32_t instance = has_instances(found->file) ? next_instance_.fetch_add(1) : 0;
  const fuse_entry_param entry =
      entry_of(surface_node(directory_of(parent), found->file, instance));
  fuse_reply_entry(req, &entry);
}

void Surface::lookup_in_results(fuse_req_t req, NodeId parent, std::string_view name) {
  const ResultTable::Held directory = results_.get(parent);
  if (directory == nullptr) {
    fuse_reply_err(req, ESTALE);
    return;
  }
  const uint32_t rank = directory->find(name);
  if (rank == 0) {
    fuse_reply_err(req, ENOENT);
    return;
  }
  fuse_entry_param entry = {};
  entry.ino = static_cast<fuse_ino_t>(entry_node(*directory, rank));
  entry.attr = directory->attributes(rank);
  entry.attr_timeout = entry.entry_timeout = kForever;
  fuse_reply_entry(req, &entry);
}

Result<struct stat> Surface::attributes(NodeId node) {
  if (!is_result(node)) return stat_of(node);
  const ResultTable::Held directory = results_.get(node);
  if (directory == nullptr) return Status(ESTALE, "results that are gone");
  const uint32_t rank = result_id(node).entry;
  return rank == 0 ? directory->attributes() : directory->attributes(rank);
}

void Surface::getattr(fuse_req_t req, NodeId node) {
  const Result<struct stat> stat = attributes(node);
  if (!stat.ok()) {
    fuse_reply_err(req, stat.error());
    return;
  }
  fuse_reply_attr(req, &stat.value(), kForever);
}

void Surface::setattr(fuse_req_t req, NodeId node, int valid) {
  constexpr int kNever = FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID;
  const bool truncates = (valid & FUSE_SET_ATTR_SIZE) != 0 && (valid & kNever) == 0;
  if (is_result(node) || !is_stream(file_of(node)) || !truncates) {
    fuse_reply_err(req, EPERM);
    return;
  }
  getattr(req, node);
}

void Surface::readlink(fuse_req_t req, NodeId node) {
  const ResultTable::Held directory = is_result(node) ? results_.get(node) : nullptr;
  const uint32_t rank = directory == nullptr ? 0 : result_id(node).entry;
  if (rank == 0) {
    fuse_reply_err(req, is_result(node) ? ESTALE : EINVAL);
    return;
  }
  const std::string& target = directory->entries[rank - 1].target;
  fuse_reply_buf(req, target.data(), target.size());
}

void Surface::opendir(fuse_req_t req, NodeId node, fuse_file_info fi) {
  if (!is_result(node)) {
    fuse_reply_open(req, &fi);
    return;
  }
  // Held while it is open: what is listed can be looked up until then.
  auto held =
      std::unique_ptr<ResultTable::Held>(new (std::nothrow) ResultTable::Held(results_.get(node)));
  if (held == nullptr || *held == nullptr) {
    fuse_reply_err(req, held == nullptr ? ENOMEM : ESTALE);
    return;
  }
  fi.fh = reinterpret_cast<uint64_t>(held.get());
  if (fuse_reply_open(req, &fi) == 0) (void)held.release();
}

void Surface::readdir(fuse_req_t req, NodeId node, size_t size, off_t offset,
                      const fuse_file_info& fi, bool plus) {
  const ReplyBuffer buffer = reply_buffer();
  const size_t capacity = std::min(size, buffer.bytes);
  Listing listing = {req, buffer.data, capacity, plus};
  if (is_result(node)) {
    list_results(listing, *held_by(fi), static_cast<size_t>(offset));
  } else {
    list_names(listing, node, static_cast<size_t>(offset));
  }
  fuse_reply_buf(req, buffer.data, capacity - listing.room);
}

void Surface::releasedir(fuse_req_t req, NodeId node, const fuse_file_info& fi) {
  if (is_result(node)) delete &held_by(fi);
  fuse_reply_err(req, 0);
}

void Surface::open(fuse_req_t req, NodeId node, const fuse_file_info& fi) {
  const SurfaceFile file = file_of(node);
  if (is_stream(file)) return open_stream(req, fi);
  if ((fi.flags & O_ACCMODE) != O_RDONLY) {
    fuse_reply_err(req, EACCES);
    return;
  }
  if (!reporter_(reporter_context_, static_cast<Report>(file), req, fi)) {
    fuse_reply_err(req, EAGAIN);
  }
}

void Surface::open_stream(fuse_req_t req, fuse_file_info fi) {
  const Result<StreamFile*> opened = StreamFile::open(streams_open_);
  if (!opened.ok()) {
    fuse_reply_err(req, opened.error());
    return;
  }
  fi.fh = reinterpret_cast<uint64_t>(opened.value());
  fi.direct_io = 1;
  fi.nonseekable = 1;
  fi.noflush = 1;
  if (fuse_reply_open(req, &fi) != 0) delete opened.value();
}

void Surface::read(fuse_req_t req, NodeId node, size_t size, off_t offset,
                   const fuse_file_info& fi) {
  // From the thread's own buffer: once the kernel has the reply, a release may free the text.
  const ReplyBuffer buffer = reply_buffer();
  const size_t capacity = std::min(size, buffer.bytes);
  if (is_stream(file_of(node))) {
    const size_t bytes = reinterpret_cast<StreamFile*>(fi.fh)->read({buffer.data, capacity});
    fuse_reply_buf(req, buffer.data, bytes);
    return;
  }
  const auto& text = *reinterpret_cast<const std::string*>(fi.fh);
  const size_t start = std::min(static_cast<size_t>(offset), text.size());
  const size_t bytes = std::min(text.size() - start, capacity);
  std::memcpy(buffer.data, text.data() + start, bytes);
  fuse_reply_buf(req, buffer.data, bytes);
}

void Surface::write(fuse_req_t req, NodeId node, std::string_view data, const fuse_file_info& fi) {
  const SurfaceFile file = file_of(node);
  if (is_result(node) || !is_stream(file)) {
    fuse_reply_err(req, EPERM);
    return;
  }
  if (data.size() > limits::kQueryBytesMax) {
    fuse_reply_err(req, EMSGSIZE);
    return;
  }
  post(req, kind_of(file), node, reinterpret_cast<StreamFile*>(fi.fh), data);
}

void Surface::release(fuse_req_t req, NodeId node, const fuse_file_info& fi) {
  if (is_stream(file_of(node))) {
    delete reinterpret_cast<StreamFile*>(fi.fh);
  } else {
    delete reinterpret_cast<std::string*>(fi.fh);
  }
  fuse_reply_err(req, 0);
}

void Surface::reply_report(fuse_req_t req, fuse_file_info fi, std::string text) {
  auto kept = std::make_unique<std::string>(std::move(text));
  fi.fh = reinterpret_cast<uint64_t>(kept.get());
  fi.direct_io = 1;  // The size is not known before.
  fi.noflush = 1;
  if (fuse_reply_open(req, &fi) == 0) (void)kept.release();
}

void Surface::post(fuse_req_t req, SurfaceJob::Kind kind, NodeId node, StreamFile* file,
                   std::string_view text) {
  SurfaceJob job;
  job.kind = kind;
  job.req = req;
  job.directory = directory_of(node);
  job.file = file;
  job.request.reset(new (std::nothrow) char[std::max(text.size(), size_t{1})]);
  if (job.request == nullptr) {
    fuse_reply_err(req, ENOMEM);
    return;
  }
  job.bytes = text.size();
  std::memcpy(job.request.get(), text.data(), text.size());
  job.arrived = Latencies::hand_over();
  if (!workers_.post(job)) fuse_reply_err(req, EAGAIN);
}

}  // namespace vexfs::fs
