// Durable file steps: what reaches the disk, in which order, and what a failure leaves behind.
//
// Two shapes: DurableFile is written in place, at offsets; replace_file swaps a whole small file,
// so that after a crash there is the old one or the new one and nothing else.
//
// A directory passed in must be open for reading (not O_PATH): it is fsynced.
#ifndef VEXFS_BASE_DURABLE_FILE_H_
#define VEXFS_BASE_DURABLE_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/status.h"

namespace vexfs {

// A file written at offsets and synced when the caller says so. One thread writes; another may sync
// beside it.
//
// The first failed sync is final: the kernel may have dropped the pages that it could not write and
// forgotten the error, so a later sync would succeed without them. From then on every call answers
// EIO. What was synced before stays good; the owner must recover from it. Opening the file again to
// sync it would hit the same trap.
class DurableFile {
 public:
  // `io` must outlive the file.
  DurableFile(FileIo& io, Fd fd) : io_(&io), fd_(std::move(fd)) {}

  // Writes all of `bytes` at `offset`, to the page cache only. A failure (ENOSPC, EIO, ...) may
  // have written any part of the range; it may be written again.
  Status write_all(std::span<const std::byte> bytes, uint64_t offset);
  // After sync_data() bytes and size are on the disk. sync() adds times and modes, which no reader
  // of VexFS needs after a crash.
  Status sync_data();
  Status sync();

  bool poisoned() const;
  const Fd& fd() const { return fd_; }

 private:
  Status synced(int result);

  FileIo* io_;
  Fd fd_;
  bool poisoned_ = false;
};

// Renames within `dir`, over `to` if that exists, and syncs the directory. `from` must have been
// synced. Where the failure comes after the rename itself, `to` is the new file already, but a
// crash may bring back the old one.
Status rename_into_place(FileIo& io, const Fd& dir, const char* from, const char* to);

// Makes `bytes` the whole content of `name` in `dir`: writes `name`.new beside it, syncs, renames.
// On failure `name` holds the old bytes or the new, whole; on success the new ones survive a crash.
// One writer for each name at a time. EINVAL for a name with a slash, ENAMETOOLONG.
Status replace_file(FileIo& io, const Fd& dir, const std::string& name,
                    std::span<const std::byte> bytes, mode_t mode);

// Reads the whole content of a file, whatever its file position is. EFBIG when it has more than
// `max_bytes`.
Result<std::string> read_all(FileIo& io, const Fd& file, size_t max_bytes);

}  // namespace vexfs

#endif  // VEXFS_BASE_DURABLE_FILE_H_
