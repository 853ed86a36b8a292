// StoreDirectory: `<source>/.vexfs`, its lock, and the folders of its spaces.
#ifndef VEXFS_STORE_STORE_DIRECTORY_H_
#define VEXFS_STORE_STORE_DIRECTORY_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/status.h"

namespace vexfs::store {

// Whether the source has a store at all: one stat, for a mount that may never need one.
bool store_exists(const Fd& source);

// EINVAL for what cannot be a space's name: 1..limits::kSpaceNameBytesMax of [a-z0-9_-], starting
// with a letter or digit.
Status check_space_name(std::string_view name);
// The same for what the store itself may name: one '~' may follow, for a space that is being filled
// to take the place of the one without.
Status check_stored_name(std::string_view name);

// Threads: any, but changes of one space one at a time.
class StoreDirectory {
 public:
  enum class Access { kReadWrite, kReadOnly };
  // Makes `.vexfs` (mode 0700) where there is none and access is read-write. The lock is taken for
  // writing: EBUSY when another process has it; reading takes none. ENOENT, EROFS, EACCES; EPERM
  // for a `.vexfs` that others than root, the caller and the source's owner made or may write to.
  // `io` must outlive it; `source` need not, and must be open for reading.
  static Result<StoreDirectory> open(FileIo& io, const Fd& source, Access access);

  const Fd& fd() const { return directory_; }
  // The folder of a space, open for reading. ENOENT where there is none and `create` is false.
  Result<Fd> space(std::string_view name, bool create) const;
  // With all files in it; success when there is none.
  Status remove_space(std::string_view name) const;
  // The folder `from` becomes `to`, whose files go. Nothing to do where there is no `from`, so that
  // it may be done again after a crash.
  Status replace_space(std::string_view from, std::string_view to) const;
  Result<std::vector<std::string>> space_folders() const;

 private:
  StoreDirectory(FileIo& io, Fd directory, Fd lock)
      : io_(&io), directory_(std::move(directory)), lock_(std::move(lock)) {}

  FileIo* io_;
  Fd directory_;
  Fd lock_;
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_STORE_DIRECTORY_H_
