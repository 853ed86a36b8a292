// Costs of the C library's file calls. Most are one system call; a few build a path or a struct.
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/scratch_directory.h"
#include "measure_costs.h"
#include "painted_call.h"

namespace vexfs::stack_cost {
namespace {

class OpenScratch {
 public:
  OpenScratch() : fd_(open(scratch_.path().c_str(), O_RDONLY | O_DIRECTORY)) {
    if (fd_ < 0) {
      std::perror("a scratch directory");
      std::abort();
    }
  }
  OpenScratch(const OpenScratch&) = delete;
  OpenScratch& operator=(const OpenScratch&) = delete;
  ~OpenScratch() { close(fd_); }
  int fd() const { return fd_; }

 private:
  const ScratchDirectory scratch_;
  const int fd_;
};

int open_file(int directory) {
  const int fd = openat(directory, "file", O_RDWR | O_CREAT, 0600);
  if (fd < 0) std::abort();
  return fd;
}

void measure_names(int directory) {
  measure("open", &open, "/", O_RDONLY);
  measure("openat", &openat, directory, "opened", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  measure("mkdirat", &mkdirat, directory, "directory", mode_t{0700});
  measure("mknodat", &mknodat, directory, "fifo", mode_t{S_IFIFO | 0600}, dev_t{0});
  measure("symlinkat", &symlinkat, "target", directory, "symlink");
  measure("linkat", &linkat, directory, "opened", directory, "linked", 0);
  measure("renameat", &renameat, directory, "linked", directory, "renamed");
  measure("renameat2", &renameat2, directory, "renamed", directory, "linked", 0U);
  measure("unlinkat", &unlinkat, directory, "linked", 0);
  char buffer[4096];
  measure("readlinkat", &readlinkat, directory, "symlink", buffer, sizeof(buffer));
  measure("readlink", &readlink, "/proc/self/exe", buffer, sizeof(buffer));
  measure("faccessat", &faccessat, directory, "opened", R_OK, 0);
  measure("faccessat", &faccessat, directory, "opened", R_OK, AT_EACCESS);
  measure("access", &access, "/", R_OK);
  measure("syscall", &syscall, long{SYS_getdents64}, directory, buffer, sizeof(buffer));
  measure("getdents64", &getdents64, directory, static_cast<void*>(buffer), sizeof(buffer));
}

void measure_attributes(int directory, int file) {
  struct stat attributes;
  struct statx extended;
  struct statvfs capacity;
  struct statfs kind;
  measure("fstat", &fstat, file, &attributes);
  measure("stat", &stat, "/", &attributes);
  measure("lstat", &lstat, "/", &attributes);
  measure("fstatat", &fstatat, directory, "file", &attributes, AT_SYMLINK_NOFOLLOW);
  measure("statx", &statx, directory, "file", 0, unsigned{STATX_ALL}, &extended);
  measure("statvfs", &statvfs, "/", &capacity);
  measure("fstatvfs", &fstatvfs, file, &capacity);
  measure("statfs", &statfs, "/", &kind);
  measure("fstatfs", &fstatfs, file, &kind);
  measure("fchmod", &fchmod, file, mode_t{0600});
  measure("chmod", &chmod, "/nonexistent", mode_t{0600});
  measure("fchmodat", &fchmodat, directory, "file", mode_t{0600}, 0);
  measure("fchmodat", &fchmodat, directory, "file", mode_t{0600}, AT_SYMLINK_NOFOLLOW);
  measure("fchmodat", &fchmodat, directory, "symlink", mode_t{0600}, AT_SYMLINK_NOFOLLOW);
  measure("chown", &chown, "/nonexistent", getuid(), getgid());
  measure("lchown", &lchown, "/nonexistent", getuid(), getgid());
  measure("truncate", &truncate, "/nonexistent", 0);
  measure("fchown", &fchown, file, getuid(), getgid());
  measure("fchownat", &fchownat, directory, "file", getuid(), getgid(), AT_SYMLINK_NOFOLLOW);
  const timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
  measure("utimensat", &utimensat, directory, "file", times, AT_SYMLINK_NOFOLLOW);
  measure("futimens", &futimens, file, times);

  union {
    file_handle handle;
    char bytes[sizeof(file_handle) + MAX_HANDLE_SZ];
  } named{};
  named.handle.handle_bytes = MAX_HANDLE_SZ;
  int mount = 0;
  measure("name_to_handle_at", &name_to_handle_at, file, "", &named.handle, &mount, AT_EMPTY_PATH);
  measure("open_by_handle_at", &open_by_handle_at, directory, &named.handle, O_RDONLY);
}

void measure_xattrs(int file) {
  char value[4096] = "value";
  const char* const name = "user.vexfs";
  const char* const path = "/proc/self/exe";
  measure("fsetxattr", &fsetxattr, file, name, value, size_t{5}, 0);
  measure("fgetxattr", &fgetxattr, file, name, value, sizeof(value));
  measure("flistxattr", &flistxattr, file, value, sizeof(value));
  measure("fremovexattr", &fremovexattr, file, name);
  measure("setxattr", &setxattr, path, name, value, size_t{5}, 0);
  measure("getxattr", &getxattr, path, name, value, sizeof(value));
  measure("listxattr", &listxattr, path, value, sizeof(value));
  measure("removexattr", &removexattr, path, name);
  measure("lsetxattr", &lsetxattr, path, name, value, size_t{5}, 0);
  measure("lgetxattr", &lgetxattr, path, name, value, sizeof(value));
  measure("llistxattr", &llistxattr, path, value, sizeof(value));
  measure("lremovexattr", &lremovexattr, path, name);
}

void measure_data(int file) {
  char buffer[4096] = {};
  const iovec vector[1] = {{buffer, sizeof(buffer)}};
  measure("write", &write, file, buffer, sizeof(buffer));
  measure("pwrite", &pwrite, file, buffer, sizeof(buffer), 0);
  measure("writev", &writev, file, vector, 1);
  measure("pwritev", &pwritev, file, vector, 1, 0);
  measure("pwritev2", &pwritev2, file, vector, 1, 0, 0);
  measure("lseek", &lseek, file, 0, SEEK_SET);
  measure("read", &read, file, buffer, sizeof(buffer));
  measure("pread", &pread, file, buffer, sizeof(buffer), 0);
  measure("readv", &readv, file, vector, 1);
  measure("preadv", &preadv, file, vector, 1, 0);
  measure("preadv2", &preadv2, file, vector, 1, 0, 0);
  measure("fallocate", &fallocate, file, 0, 0, 8192);
  measure("ftruncate", &ftruncate, file, 4096);
  loff_t from = 0;
  loff_t to = 8192;
  measure("copy_file_range", &copy_file_range, file, &from, file, &to, size_t{4096}, 0U);
  measure("splice", &splice, file, &from, file, &to, size_t{4096}, 0U);
  measure("fsync", &fsync, file);
  measure("fdatasync", &fdatasync, file);
  measure("syncfs", &syncfs, file);
  measure("flock", &flock, file, LOCK_SH);
}

void measure_descriptors(int file) {
  int flags = 0;
  measure("ioctl", &ioctl, file, static_cast<unsigned long>(FS_IOC_GETFLAGS), &flags);
  measure("fcntl", &fcntl, file, F_GETFL);
  measure("fcntl", &fcntl, file, F_SETPIPE_SZ, 4096);
  struct flock lock {};
  lock.l_type = F_RDLCK;
  measure("fcntl", &fcntl, file, F_SETLKW, &lock);
  measure("dup", &dup, file);
  measure("dup3", &dup3, file, 200, O_CLOEXEC);
  pollfd polled{file, POLLIN, 0};
  measure("poll", &poll, &polled, nfds_t{1}, 0);
  measure("eventfd", &eventfd, 0U, EFD_CLOEXEC);
  const int event = eventfd(0, EFD_CLOEXEC);
  measure("eventfd_write", &eventfd_write, event, eventfd_t{1});
  close(event);
  measure("close", &close, dup(file));
}

}  // namespace

void measure_files() {
  const OpenScratch scratch;
  const int file = open_file(scratch.fd());
  measure_names(scratch.fd());
  measure_attributes(scratch.fd(), file);
  measure_xattrs(file);
  measure_data(file);
  measure_descriptors(file);
  close(file);
}

}  // namespace vexfs::stack_cost
