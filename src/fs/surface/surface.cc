// The requests for nodes, streams and reports of `.vexfs`.
#include "fs/surface/surface.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <span>

#include "base/limits.h"
#include "fs/measure/latencies.h"
#include "fs/reply_buffer.h"
#include "fs/surface/stream_file.h"
#include "fs/surface/surface_files.h"
#include "fs/surface/surface_node.h"

namespace vexfs::fs {
namespace {

// The kind of job for a write to a stream, and for a lookup in a directory whose names are
// questions.
SurfaceJob::Kind kind_of(SurfaceFile file) {
  switch (file) {
    case SurfaceFile::kQueryF32:
      return SurfaceJob::Kind::kQueryF32;
    case SurfaceFile::kControl:
      return SurfaceJob::Kind::kControl;
    case SurfaceFile::kSimilar:
      return SurfaceJob::Kind::kSimilar;
    case SurfaceFile::kSearch:
      return SurfaceJob::Kind::kSearch;
    case SurfaceFile::kSaved:
      return SurfaceJob::Kind::kSaved;
    default:
      return SurfaceJob::Kind::kQuery;
  }
}

// Each open of a stream by its path gets an inode of its own. The kernel allows one write to an
// inode at a time, and one user's long search must not keep the others waiting.
bool has_instances(SurfaceFile file) { return is_stream(file); }

// The attributes of `saved` change with those of its directory, and the kernel does not notice.
double attribute_timeout(NodeId node) { return is_saved(node) ? 0 : kSurfaceForever; }

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

std::shared_ptr<ResultWatch>& watch_of(const fuse_file_info& fi) {
  return *reinterpret_cast<std::shared_ptr<ResultWatch>*>(fi.fh);
}

NodeId entry_node(const ResultDirectory& directory, uint32_t entry) {
  return NodeId{static_cast<uint64_t>(directory.node) + entry};
}

}  // namespace

// `saved` has the mode and owner of its directory, because a caller who may write the directory may
// change its saved searches. All other attributes are fixed.
Result<struct stat> Surface::attributes(NodeId node) {
  if (is_result(node)) {
    const ResultTable::Held directory = results_.get(node);
    if (directory == nullptr) return Status(ESTALE, "results that are gone");
    const uint32_t rank = result_id(node).entry;
    return rank == 0 ? directory->attributes() : directory->attributes(rank);
  }
  struct stat stat = stat_of(node);
  if (file_of(node) == SurfaceFile::kSaved) {
    VEXFS_TRY(entry, backing_.stat(directory_of(node)));
    stat.st_mode = entry.stat.st_mode;
    stat.st_uid = entry.stat.st_uid;
    stat.st_gid = entry.stat.st_gid;
    stat.st_mtim = entry.stat.st_mtim;
    stat.st_ctim = entry.stat.st_ctim;
  }
  return stat;
}

Result<fuse_entry_param> Surface::entry_of(NodeId node) {
  VEXFS_TRY(stat, attributes(node));
  fuse_entry_param entry = {};
  entry.ino = static_cast<fuse_ino_t>(node);
  entry.attr = stat;
  entry.attr_timeout = attribute_timeout(node);
  entry.entry_timeout = has_instances(file_of(node)) ? 0 : entry.attr_timeout;
  return entry;
}

void Surface::lookup(fuse_req_t req, NodeId parent, std::string_view name) {
  if (is_result(parent)) return lookup_in_results(req, parent, name);
  const bool in_surface = is_surface(parent);
  if (in_surface && has_results(file_of(parent))) {
    return post({.kind = kind_of(file_of(parent)), .req = req, .node = parent}, name);
  }
  NodeId node = surface_node(parent, SurfaceFile::kDirectory);
  if (in_surface) {
    const auto* found = std::find_if(kSurfaceNames.begin(), kSurfaceNames.end(),
                                     [name](const auto& known) { return known.text == name; });
    if (file_of(parent) != SurfaceFile::kDirectory || found == kSurfaceNames.end()) {
      fuse_reply_err(req, ENOENT);
      return;
    }
    const uint32_t instance = has_instances(found->file) ? next_instance_.fetch_add(1) : 0;
    node = surface_node(directory_of(parent), found->file, instance);
  }
  const Result<fuse_entry_param> entry = entry_of(node);
  if (!entry.ok()) {
    fuse_reply_err(req, entry.error());
    return;
  }
  fuse_reply_entry(req, &entry.value());
}

void Surface::lookup_in_results(fuse_req_t req, NodeId parent, std::string_view name) {
  ResultTable::Held directory = results_.get(parent);
  if (directory == nullptr) {
    fuse_reply_err(req, ESTALE);
    return;
  }
  uint32_t rank = name == kChangesName ? kChangesEntry : directory->find(name);
  if (rank == 0) {
    directory = results_.listed_before(directory->question, name);
    rank = directory == nullptr ? 0 : directory->find(name);
  }
  if (rank == 0) {
    fuse_reply_err(req, ENOENT);
    return;
  }
  fuse_entry_param entry = {};
  entry.ino = static_cast<fuse_ino_t>(entry_node(*directory, rank));
  entry.attr = directory->attributes(rank);
  entry.attr_timeout = entry.entry_timeout = kSurfaceForever;
  fuse_reply_entry(req, &entry);
}

void Surface::getattr(fuse_req_t req, NodeId node) {
  const Result<struct stat> stat = attributes(node);
  if (!stat.ok()) {
    fuse_reply_err(req, stat.error());
    return;
  }
  fuse_reply_attr(req, &stat.value(), attribute_timeout(node));
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
  if (rank == 0 || rank == kChangesEntry) {
    fuse_reply_err(req, is_result(node) && directory == nullptr ? ESTALE : EINVAL);
    return;
  }
  const std::string& target = directory->entries[rank - 1].target;
  fuse_reply_buf(req, target.data(), target.size());
}

void Surface::open(fuse_req_t req, NodeId node, const fuse_file_info& fi) {
  if (!is_result(node) && is_stream(file_of(node))) return open_stream(req, fi);
  if ((fi.flags & O_ACCMODE) != O_RDONLY) {
    fuse_reply_err(req, EACCES);
    return;
  }
  if (is_result(node)) {
    return post({.kind = SurfaceJob::Kind::kWatch, .req = req, .node = node, .fi = fi}, {});
  }
  if (!host_.post_report(static_cast<Report>(file_of(node)), req, fi)) fuse_reply_err(req, EAGAIN);
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
  // The reply is assembled in the thread's own buffer: as soon as the kernel has it, a release on
  // another thread may free the text.
  const ReplyBuffer buffer = reply_buffer();
  const size_t capacity = std::min(size, buffer.bytes);
  if (is_result(node) || is_stream(file_of(node))) {
    const std::span<char> out(buffer.data, capacity);
    const size_t bytes =
        is_result(node) ? watch_of(fi)->read(out) : reinterpret_cast<StreamFile*>(fi.fh)->read(out);
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
  auto* const stream = reinterpret_cast<StreamFile*>(fi.fh);
  post({.kind = kind_of(file), .req = req, .node = node, .file = stream}, data);
}

void Surface::release(fuse_req_t req, NodeId node, const fuse_file_info& fi) {
  if (is_result(node)) {
    const std::unique_ptr<std::shared_ptr<ResultWatch>> watch(&watch_of(fi));
    watches_.close(*watch);
  } else if (is_stream(file_of(node))) {
    delete reinterpret_cast<StreamFile*>(fi.fh);
  } else {
    delete reinterpret_cast<std::string*>(fi.fh);
  }
  fuse_reply_err(req, 0);
}

void Surface::reply_report(fuse_req_t req, fuse_file_info fi, std::string text) {
  auto kept = std::make_unique<std::string>(std::move(text));
  fi.fh = reinterpret_cast<uint64_t>(kept.get());
  fi.direct_io = 1;  // The kernel does not know the size, so it must read up to the end.
  fi.noflush = 1;
  if (fuse_reply_open(req, &fi) == 0) (void)kept.release();
}

void Surface::reply_watch(fuse_req_t req, fuse_file_info fi, std::shared_ptr<ResultWatch> watch) {
  using Kept = std::shared_ptr<ResultWatch>;
  const Kept closing = watch;
  auto kept = std::unique_ptr<Kept>(new (std::nothrow) Kept(std::move(watch)));
  if (kept == nullptr) {
    watches_.close(closing);
    fuse_reply_err(req, ENOMEM);
    return;
  }
  fi.fh = reinterpret_cast<uint64_t>(kept.get());
  fi.direct_io = 1;
  fi.nonseekable = 1;
  fi.noflush = 1;
  if (fuse_reply_open(req, &fi) == 0) {
    (void)kept.release();
  } else {
    watches_.close(closing);
  }
}

void Surface::poll(fuse_req_t req, NodeId node, const fuse_file_info& fi, fuse_pollhandle* handle) {
  if (is_result(node)) {
    fuse_reply_poll(req, watch_of(fi)->poll(handle) ? POLLIN | POLLRDNORM : 0);
    return;
  }
  if (handle != nullptr) fuse_pollhandle_destroy(handle);
  fuse_reply_poll(req, POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM);
}

void Surface::post(SurfaceJob&& job, std::string_view text, std::string_view more) {
  const size_t bytes = text.size() + (more.empty() ? 0 : 1 + more.size());
  job.directory = is_result(job.node) ? kNoNode : directory_of(job.node);
  job.request.reset(new (std::nothrow) char[bytes + 1]);
  if (job.request == nullptr) {
    fuse_reply_err(job.req, ENOMEM);
    return;
  }
  job.bytes = bytes;
  std::memcpy(job.request.get(), text.data(), text.size());
  if (!more.empty()) {
    job.request[text.size()] = '\0';
    std::memcpy(&job.request[text.size() + 1], more.data(), more.size());
  }
  job.arrived = Latencies::hand_over();
  const fuse_req_t req = job.req;
  if (!workers_.post(job)) fuse_reply_err(req, EAGAIN);
}

}  // namespace vexfs::fs
