// The directories of the surface: listings, and changes of saved searches.
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <new>

#include "base/limits.h"
#include "fs/reply_buffer.h"
#include "fs/surface/surface.h"
#include "fs/surface/surface_files.h"
#include "fs/surface/surface_node.h"

namespace vexfs::fs {
namespace {

using SavedNames = std::vector<std::string>;

// One listing, assembled in the thread's reply buffer.
class Listing {
 public:
  Listing(fuse_req_t req, size_t size, bool plus) : req_(req), plus_(plus) {
    const ReplyBuffer buffer = reply_buffer();
    start_ = out_ = buffer.data;
    room_ = std::min(size, buffer.bytes);
  }

  // False when the entry does not fit. With `only_named` the kernel counts no lookup: it asks again
  // when a client wants to know more than the name.
  bool add(const char* name, fuse_entry_param entry, bool only_named, size_t next) {
    if (only_named) entry.ino = 0;
    const auto offset = static_cast<off_t>(next);
    const size_t bytes = plus_ ? fuse_add_direntry_plus(req_, out_, room_, name, &entry, offset)
                               : fuse_add_direntry(req_, out_, room_, name, &entry.attr, offset);
    if (bytes > room_) return false;
    out_ += bytes;
    room_ -= bytes;
    return true;
  }
  void reply() { fuse_reply_buf(req_, start_, static_cast<size_t>(out_ - start_)); }

 private:
  fuse_req_t req_;
  bool plus_;
  char* start_;
  char* out_;
  size_t room_;
};

void list_results(Listing& listing, const ResultDirectory& directory, size_t offset) {
  for (size_t i = offset; i < 2 + directory.entries.size(); ++i) {
    const bool dot = i < 2;
    const auto rank = static_cast<uint32_t>(dot ? 0 : i - 1);
    const char* name = i == 0 ? "." : i == 1 ? ".." : directory.entries[rank - 1].name.c_str();
    fuse_entry_param entry = {};
    entry.ino = static_cast<fuse_ino_t>(directory.node) + rank;
    entry.attr = dot ? directory.attributes() : directory.attributes(rank);
    entry.attr_timeout = entry.entry_timeout = kSurfaceForever;
    if (!listing.add(name, entry, dot, i + 1)) return;
  }
}

// Names are listed without a node, because each leads to the results of the caller who looks it up.
void list_saved(Listing& listing, NodeId node, const SavedNames& names, size_t offset) {
  for (size_t i = offset; i < 2 + names.size(); ++i) {
    const char* name = i == 0 ? "." : i == 1 ? ".." : names[i - 2].c_str();
    fuse_entry_param entry = {};
    entry.attr.st_ino = static_cast<uint64_t>(node);  // Any; 0 would say that there is no entry.
    entry.attr.st_mode = S_IFDIR;
    if (!listing.add(name, entry, true, i + 1)) return;
  }
}

const ResultTable::Held& held_by(const fuse_file_info& fi) {
  return *reinterpret_cast<const ResultTable::Held*>(fi.fh);
}

}  // namespace

void Surface::opendir(fuse_req_t req, NodeId node, fuse_file_info fi) {
  if (is_saved(node)) {
    return post({.kind = SurfaceJob::Kind::kSavedList, .req = req, .node = node, .fi = fi}, {});
  }
  if (!is_result(node)) {
    fuse_reply_open(req, &fi);
    return;
  }
  // The open directory holds the results, so that what it lists can be looked up until it is
  // closed.
  auto held =
      std::unique_ptr<ResultTable::Held>(new (std::nothrow) ResultTable::Held(results_.get(node)));
  if (held == nullptr || *held == nullptr) {
    fuse_reply_err(req, held == nullptr ? ENOMEM : ESTALE);
    return;
  }
  fi.fh = reinterpret_cast<uint64_t>(held.get());
  if (fuse_reply_open(req, &fi) == 0) (void)held.release();
}

void Surface::reply_saved_list(fuse_req_t req, fuse_file_info fi, SavedNames names) {
  auto kept = std::unique_ptr<SavedNames>(new (std::nothrow) SavedNames(std::move(names)));
  if (kept == nullptr) {
    fuse_reply_err(req, ENOMEM);
    return;
  }
  fi.fh = reinterpret_cast<uint64_t>(kept.get());
  if (fuse_reply_open(req, &fi) == 0) (void)kept.release();
}

void Surface::readdir(fuse_req_t req, NodeId node, size_t size, off_t offset,
                      const fuse_file_info& fi, bool plus) {
  if (!is_result(node) && !is_saved(node)) return list_names(req, node, size, offset, plus);
  Listing listing(req, size, plus);
  if (is_result(node)) {
    list_results(listing, *held_by(fi), static_cast<size_t>(offset));
  } else {
    const auto& names = *reinterpret_cast<const SavedNames*>(fi.fh);
    list_saved(listing, node, names, static_cast<size_t>(offset));
  }
  listing.reply();
}

void Surface::list_names(fuse_req_t req, NodeId node, size_t size, off_t offset, bool plus) {
  Listing listing(req, size, plus);
  const bool has_files = file_of(node) == SurfaceFile::kDirectory;
  const size_t end = has_files ? 2 + kSurfaceNames.size() : 2;
  for (auto i = static_cast<size_t>(offset); i < end; ++i) {  // 0 and 1 are the dots.
    const bool dot = i < 2;
    const char* name = i == 0 ? "." : i == 1 ? ".." : kSurfaceNames[i - 2].text.data();
    const NodeId named = dot ? node : surface_node(directory_of(node), kSurfaceNames[i - 2].file);
    const Result<fuse_entry_param> entry = entry_of(named);
    if (!entry.ok()) continue;  // The directory itself is gone.
    if (!listing.add(name, entry.value(), dot, i + 1)) break;
  }
  listing.reply();
}

void Surface::releasedir(fuse_req_t req, NodeId node, const fuse_file_info& fi) {
  if (is_result(node)) delete &held_by(fi);
  if (is_saved(node)) delete reinterpret_cast<SavedNames*>(fi.fh);
  fuse_reply_err(req, 0);
}

void Surface::mkdir(fuse_req_t req, NodeId parent, std::string_view name) {
  if (!is_saved(parent)) {
    fuse_reply_err(req, EPERM);
    return;
  }
  post({.kind = SurfaceJob::Kind::kSavedMake, .req = req, .node = parent}, name);
}

void Surface::rmdir(fuse_req_t req, NodeId parent, std::string_view name) {
  if (!is_saved(parent)) {
    fuse_reply_err(req, EPERM);
    return;
  }
  post({.kind = SurfaceJob::Kind::kSavedRemove, .req = req, .node = parent}, name);
}

void Surface::rename(fuse_req_t req, NodeId parent, std::string_view name, NodeId new_parent,
                     std::string_view new_name, unsigned flags) {
  constexpr unsigned kNoReplace = 1;  // RENAME_NOREPLACE of renameat2(2): none ever replaces.
  if (!is_saved(parent) || !is_saved(new_parent) || (flags & ~kNoReplace) != 0) {
    fuse_reply_err(req, EPERM);
    return;
  }
  post({.kind = SurfaceJob::Kind::kSavedRename,
        .req = req,
        .node = parent,
        .new_directory = directory_of(new_parent)},
       name, new_name);
}

}  // namespace vexfs::fs
