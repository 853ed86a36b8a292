// The store's directory `.vexfs`, its lock file and its folders of spaces. A directory that is made
// here is on the disk before anything is put into it.
#include "store/store_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/durable_file.h"
#include "base/limits.h"
#include "store/directory_names.h"
#include "store/store_lock.h"

namespace vexfs::store {
namespace {

constexpr const char* kDirectory = ".vexfs";
constexpr const char* kSpaces = "spaces";

constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// Opens `name` in `parent`, after making it if asked to. The name is synced even where it existed
// before: the process that made it may have died before its sync.
Result<Fd> open_directory(FileIo& io, const Fd& parent, const char* name, bool create) {
  if (create) {
    if (io.mkdirat(parent.get(), name, 0700) != 0 && errno != EEXIST) {
      return errno_status("make a directory of the store");
    }
    if (io.fsync(parent.get()) != 0) return errno_status("sync a directory of the store");
  }
  Fd directory(::openat(parent.get(), name, kOpenDirectory));
  if (!directory.valid()) return errno_status("open a directory of the store");
  return directory;
}

// The store decides what searches show, so a store that another user made is refused. Trusted are
// root, the daemon's own user, and the owner of the source.
Status check_owner(const Fd& source, const Fd& directory) {
  struct stat of_source;
  struct stat of_store;
  if (::fstat(source.get(), &of_source) != 0 || ::fstat(directory.get(), &of_store) != 0) {
    return errno_status("stat of the store");
  }
  const bool is_trusted =
      of_store.st_uid == 0 || of_store.st_uid == ::geteuid() || of_store.st_uid == of_source.st_uid;
  if (!is_trusted) return Status(EPERM, "the store belongs to another user");
  if ((of_store.st_mode & 022) != 0) return Status(EPERM, "others may write to the store");
  return Status();
}

}  // namespace

bool store_exists(const Fd& source) {
  struct stat found;
  return ::fstatat(source.get(), kDirectory, &found, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISDIR(found.st_mode);
}

Status check_space_name(std::string_view name) {
  if (name.empty() || name.size() > limits::kSpaceNameBytesMax) {
    return Status(EINVAL, "length of the space's name");
  }
  for (const char& c : name) {
    const bool is_alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool is_inner = &c != name.data() && (c == '_' || c == '-');
    if (!is_alphanumeric && !is_inner) return Status(EINVAL, "character in the space's name");
  }
  return Status();
}

Status check_stored_name(std::string_view name) {
  if (name.size() > limits::kSpaceNameBytesMax) return Status(EINVAL, "length of the space's name");
  if (name.ends_with('~')) name.remove_suffix(1);
  return check_space_name(name);
}

Result<StoreDirectory> StoreDirectory::open(FileIo& io, const Fd& source, Access access) {
  const bool may_write = access == Access::kReadWrite;
  VEXFS_TRY(directory, open_directory(io, source, kDirectory, may_write));
  VEXFS_CHECK_OK(check_owner(source, directory));
  if (!may_write) return StoreDirectory(io, std::move(directory), Fd());
  VEXFS_TRY(lock, take_store_lock(directory));
  return StoreDirectory(io, std::move(directory), std::move(lock));
}

// Folders of spaces hold files only, so their removal needs no recursion.
Result<Fd> StoreDirectory::space(std::string_view name, bool create) const {
  VEXFS_CHECK_OK(check_stored_name(name));
  VEXFS_TRY(spaces, open_directory(*io_, directory_, kSpaces, create));
  return open_directory(*io_, spaces, std::string(name).c_str(), create);
}

Status StoreDirectory::remove_space(std::string_view name) const {
  VEXFS_CHECK_OK(check_stored_name(name));
  const std::string folder(name);
  Result<Fd> spaces = open_directory(*io_, directory_, kSpaces, false);
  if (spaces.error() == ENOENT) return Status();
  VEXFS_CHECK_OK(spaces.status());
  Result<Fd> space = open_directory(*io_, spaces.value(), folder.c_str(), false);
  if (space.error() == ENOENT) return Status();
  VEXFS_CHECK_OK(space.status());
  VEXFS_TRY(files, directory_names(space.value()));
  for (const std::string& file : files) {
    if (io_->unlinkat(space.value().get(), file.c_str(), 0) != 0 && errno != ENOENT) {
      return errno_status("remove a file of the space");
    }
  }
  if (io_->unlinkat(spaces.value().get(), folder.c_str(), AT_REMOVEDIR) != 0) {
    return errno_status("remove the folder of the space");
  }
  if (io_->fsync(spaces.value().get()) != 0) return errno_status("sync the folder of spaces");
  return Status();
}

Status StoreDirectory::replace_space(std::string_view from, std::string_view to) const {
  VEXFS_CHECK_OK(check_stored_name(from));
  VEXFS_CHECK_OK(check_stored_name(to));
  Result<Fd> spaces = open_directory(*io_, directory_, kSpaces, false);
  if (spaces.error() == ENOENT) return Status();
  VEXFS_CHECK_OK(spaces.status());
  const Result<Fd> source = open_directory(*io_, spaces.value(), std::string(from).c_str(), false);
  if (source.error() == ENOENT) return Status();
  VEXFS_CHECK_OK(source.status());
  // After a crash between the two steps the caller does both again, as the catalog's mark says.
  VEXFS_CHECK_OK(remove_space(to));
  return rename_into_place(*io_, spaces.value(), std::string(from).c_str(),
                           std::string(to).c_str());
}

Result<std::vector<std::string>> StoreDirectory::space_folders() const {
  Result<Fd> spaces = open_directory(*io_, directory_, kSpaces, false);
  if (spaces.error() == ENOENT) return std::vector<std::string>();
  VEXFS_CHECK_OK(spaces.status());
  return directory_names(spaces.value());
}

}  // namespace vexfs::store
