// FaultIo: a FileIo for tests that fails a chosen step and knows what a crash would leave.
//
// The calls go to the real file system, in one directory. Beside them a model keeps what is
// durable: the bytes of a file as of its last good sync, and the names of the directory as of the
// directory's last good sync. Files that others make there are understood; the names of directories
// are not modelled. A failed sync loses the file's unsynced bytes for good, whatever later syncs
// answer: kernels do this, and code that retries a sync gets it wrong. One thread.
//
//   for (int step = 0;; ++step) {
//     FaultIo io(dir.get(), {.step = step});
//     ... run, then judge io.after_crash(...) ...
//     if (!io.fired()) break;  // Each step had its turn.
//   }
#ifndef VEXFS_BASE_TESTING_FAULT_IO_H_
#define VEXFS_BASE_TESTING_FAULT_IO_H_

#include <cerrno>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/file_io.h"

namespace vexfs {

class FaultIo final : public FileIo {
 public:
  enum class Fault {
    kError,  // The call fails with `error` and does nothing.
    kShort,  // A read or write does half of what was asked, at least a byte; else no fault.
    kEintr,  // The call is interrupted before it does anything.
  };
  struct FailAt {
    int step = -1;  // The first call is step 0; -1 never fails.
    Fault fault = Fault::kError;
    int error = EIO;
    // Whether every later call fails too. Not for kEintr, which is retried.
    bool persistent = false;
  };

  // What is in `directory` now counts as durable. Descriptors of it, and of files opened through
  // this object or there before, are understood. `directory` must stay open.
  FaultIo(int directory, const FailAt& plan);

  // Whether the plan's step was reached. A loop over steps ends with the first run that was not.
  bool fired() const { return steps_ > plan_.step && plan_.step >= 0; }
  int steps() const { return steps_; }

  // A crash keeps, of names and of bytes separately, either only what was synced or all that was
  // done: file systems write back in any order, so recovery must stand all four.
  enum class Keep { kSynced, kAll };
  std::map<std::string, std::string> after_crash(Keep names, Keep bytes) const;

  int openat(int dir, const char* name, int flags, mode_t mode) override;
  ssize_t pread(int fd, void* bytes, size_t count, off_t offset) override;
  ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) override;
  int fdatasync(int fd) override;
  int fsync(int fd) override;
  int renameat(int from_dir, const char* from, int to_dir, const char* to) override;
  int unlinkat(int dir, const char* name, int flags) override;
  int mkdirat(int dir, const char* name, mode_t mode) override;
  int fallocate(int fd, int mode, off_t offset, off_t count) override;
  int ftruncate(int fd, off_t size) override;

 private:
  // A file keeps its id when its name changes; inode numbers are reused and ids are not.
  using FileId = uint64_t;
  struct File {
    std::string durable;      // Its bytes after a crash.
    std::string last_seen;    // Its bytes when its last name was removed.
    bool lost_bytes = false;  // A sync failed: nothing becomes durable any more.
  };

  std::optional<Fault> next_step();  // Counts it; the fault that it must suffer, errno set.
  void remember(const char* name);
  std::map<std::string, FileId> names_now() const;
  FileId id_of(uint64_t inode) const;
  std::string bytes_now(const std::string& name) const;

  const int directory_;
  const FailAt plan_;
  int steps_ = 0;
  // Mutable: a file that was made without this object gets its id when it is first seen.
  mutable FileId next_id_ = 1;
  mutable std::map<uint64_t, FileId> id_of_inode_;
  mutable std::map<FileId, File> files_;
  std::map<std::string, FileId> durable_names_;
  bool lost_names_ = false;  // As File::lost_bytes, for the directory.
};

}  // namespace vexfs

#endif  // VEXFS_BASE_TESTING_FAULT_IO_H_
