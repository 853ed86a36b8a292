// FileIo: the system calls that durability rests on, behind the one seam of VexFS.
//
// The product uses system_io(); tests put a FaultIo (testing/fault_io.h) in its place. Each
// function is the system call of its name: -1 and errno on failure. Callers deal with EINTR and
// short counts.
#ifndef VEXFS_BASE_FILE_IO_H_
#define VEXFS_BASE_FILE_IO_H_

#include <sys/types.h>

#include <cstddef>

namespace vexfs {

class FileIo {
 public:
  virtual ~FileIo() = default;

  virtual int openat(int dir, const char* name, int flags, mode_t mode) = 0;
  virtual ssize_t pread(int fd, void* bytes, size_t count, off_t offset) = 0;
  virtual ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) = 0;
  virtual int fdatasync(int fd) = 0;
  virtual int fsync(int fd) = 0;
  virtual int renameat(int from_dir, const char* from, int to_dir, const char* to) = 0;
  virtual int unlinkat(int dir, const char* name, int flags) = 0;
  virtual int mkdirat(int dir, const char* name, mode_t mode) = 0;
  virtual int fallocate(int fd, int mode, off_t offset, off_t count) = 0;
  virtual int ftruncate(int fd, off_t size) = 0;
};

// The real calls (durable_file.cc). Stateless; any thread.
FileIo& system_io();

}  // namespace vexfs

#endif  // VEXFS_BASE_FILE_IO_H_
