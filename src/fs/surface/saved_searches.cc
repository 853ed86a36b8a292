// The calls of xattr(7) on the backing directory.
//
// tidy: allow sort: lists are made by workers, whose stacks are large
#include "fs/surface/saved_searches.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>

#include "base/proc_path.h"

namespace vexfs::fs {
namespace {

// The attributes of one directory, reached through its link in /proc/self/fd.
class Attributes {
 public:
  static Result<Attributes> of(Backing& backing, NodeId directory) {
    bool is_real = false;
    VEXFS_TRY(fd, backing.real(directory, is_real));
    return Attributes(std::move(fd));
  }

  Result<std::string> get(const std::string& name) const {
    std::string value(limits::kQueryWordBytesMax, '\0');
    const ssize_t bytes = ::getxattr(path().c_str(), name.c_str(), value.data(), value.size());
    if (bytes < 0) return absent_or("getxattr");
    value.resize(static_cast<size_t>(bytes));
    return value;
  }
  Status create(const std::string& name, std::string_view value) const {
    const int failed =
        ::setxattr(path().c_str(), name.c_str(), value.data(), value.size(), XATTR_CREATE);
    return failed == 0 ? Status() : errno_status("setxattr");
  }
  Status remove(const std::string& name) const {
    return ::removexattr(path().c_str(), name.c_str()) == 0 ? Status() : absent_or("removexattr");
  }
  Result<std::string> names() const {
    std::string names(limits::kXattrValueBytesMax, '\0');
    const ssize_t bytes = ::listxattr(path().c_str(), names.data(), names.size());
    if (bytes < 0) return errno_status("listxattr");
    names.resize(static_cast<size_t>(bytes));
    return names;
  }
  // Whether a caller who may write the directory may also change its user.* attributes.
  Status check(const tree::Credentials& caller) const {
    struct stat stat;
    if (::fstatat(fd_.get(), "", &stat, AT_EMPTY_PATH) != 0) return errno_status("fstatat");
    const bool is_owner = caller.uid == 0 || caller.uid == stat.st_uid;
    if ((stat.st_mode & S_ISVTX) == 0 || is_owner) return {};
    return Status(EPERM, "the directory is sticky, and another's");
  }

 private:
  explicit Attributes(NodeFd fd) : fd_(std::move(fd)) {}
  ProcPath path() const { return ProcPath(fd_.get()); }
  static Status absent_or(StaticText call) {
    if (errno == ENODATA) return Status(ENOENT, "no such saved search");
    return errno_status(call);
  }

  NodeFd fd_;
};

bool is_entry_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

Result<std::string> attribute_of(std::string_view name) {
  if (!is_entry_name(name)) return Status(EINVAL, "no name of a directory entry");
  if (name.size() > limits::kSavedNameBytesMax) return Status(ENAMETOOLONG, "saved search");
  return std::string(kSavedAttributes).append(name);
}

}  // namespace

std::string_view saved_name_of(std::string_view attribute) {
  if (!attribute.starts_with(kSavedAttributes)) return {};
  return attribute.substr(kSavedAttributes.size());
}

Status check_saved_attribute(Backing& backing, NodeId node, std::string_view attribute,
                             size_t bytes) {
  if (!is_entry_name(saved_name_of(attribute))) return Status(EINVAL, "no name of an entry");
  if (bytes > limits::kQueryWordBytesMax) return Status(E2BIG, "a query is shorter");
  if (node == kRootNode) return {};
  FileHandle ignored;
  VEXFS_TRY(info, backing.nodes().handle_of(node, ignored));
  return info.type == S_IFDIR ? Status() : Status(EPERM, "only directories have saved searches");
}

Result<std::vector<std::string>> saved_searches(Backing& backing, NodeId directory) {
  std::vector<std::string> found;
  VEXFS_TRY(attributes, Attributes::of(backing, directory));
  const Result<std::string> names = attributes.names();
  if (names.error() == EOPNOTSUPP) return found;
  VEXFS_CHECK_OK(names.status());
  const std::string_view all = names.value();
  for (size_t at = 0; at < all.size();) {
    const size_t end = std::min(all.find('\0', at), all.size());
    const std::string_view name = saved_name_of(all.substr(at, end - at));
    if (is_entry_name(name)) found.emplace_back(name);
    at = end + 1;
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<std::string> saved_query(Backing& backing, NodeId directory, std::string_view name) {
  if (name.size() > limits::kSavedNameBytesMax) return Status(ENOENT, "no such saved search");
  VEXFS_TRY(attribute, attribute_of(name));
  VEXFS_TRY(attributes, Attributes::of(backing, directory));
  Result<std::string> query = attributes.get(attribute);
  if (query.error() == EOPNOTSUPP) return Status(ENOENT, "no such saved search");
  return query;
}

Status save_search(Backing& backing, const tree::Credentials& caller, NodeId directory,
                   std::string_view name, std::string_view query) {
  VEXFS_TRY(attribute, attribute_of(name));
  VEXFS_TRY(attributes, Attributes::of(backing, directory));
  VEXFS_CHECK_OK(attributes.check(caller));
  return attributes.create(attribute, query);
}

Status remove_saved(Backing& backing, const tree::Credentials& caller, NodeId directory,
                    std::string_view name) {
  VEXFS_TRY(attribute, attribute_of(name));
  VEXFS_TRY(attributes, Attributes::of(backing, directory));
  VEXFS_CHECK_OK(attributes.check(caller));
  return attributes.remove(attribute);
}

Status rename_saved(Backing& backing, const tree::Credentials& caller, NodeId from,
                    std::string_view name, NodeId to, std::string_view new_name) {
  VEXFS_TRY(query, saved_query(backing, from, name));
  VEXFS_CHECK_OK(save_search(backing, caller, to, new_name, query));
  const Status removed = remove_saved(backing, caller, from, name);
  if (!removed.ok()) (void)remove_saved(backing, caller, to, new_name);
  return removed;
}

}  // namespace vexfs::fs
