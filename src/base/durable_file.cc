// Durable file steps over the real system calls, or those of a test.
#include "base/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <limits>

#include "base/limits.h"

namespace vexfs {
namespace {

class SystemIo final : public FileIo {
 public:
  int openat(int dir, const char* name, int flags, mode_t mode) override {
    return ::openat(dir, name, flags, mode);
  }
  ssize_t pread(int fd, void* bytes, size_t count, off_t offset) override {
    return ::pread(fd, bytes, count, offset);
  }
  ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) override {
    return ::pwrite(fd, bytes, count, offset);
  }
  int fdatasync(int fd) override { return ::fdatasync(fd); }
  int fsync(int fd) override { return ::fsync(fd); }
  int renameat(int from_dir, const char* from, int to_dir, const char* to) override {
    return ::renameat(from_dir, from, to_dir, to);
  }
  int unlinkat(int dir, const char* name, int flags) override {
    return ::unlinkat(dir, name, flags);
  }
  int mkdirat(int dir, const char* name, mode_t mode) override {
    return ::mkdirat(dir, name, mode);
  }
  int fallocate(int fd, int mode, off_t offset, off_t count) override {
    return ::fallocate(fd, mode, offset, count);
  }
  int ftruncate(int fd, off_t size) override { return ::ftruncate(fd, size); }
};

// Repeats a call that a signal cut off before it did anything.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

Status write_all_at(FileIo& io, int fd, std::span<const std::byte> bytes, uint64_t offset) {
  constexpr auto kOffsetMax = static_cast<uint64_t>(std::numeric_limits<off_t>::max());
  if (offset > kOffsetMax || bytes.size() > kOffsetMax - offset) {
    return Status(EFBIG, "write past the largest file offset");
  }
  while (!bytes.empty()) {
    const ssize_t written = uninterrupted(
        [&] { return io.pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    if (written < 0) return errno_status("pwrite");
    if (written == 0) return Status(EIO, "pwrite wrote nothing");  // Would never end.
    bytes = bytes.subspan(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return Status();
}

}  // namespace

FileIo& system_io() {
  static constinit SystemIo io;
  return io;
}

bool DurableFile::poisoned() const {
  // Not a std::atomic: the file can be moved. C++20 has no atomic_ref of a const object.
  return std::atomic_ref(const_cast<bool&>(poisoned_)).load(std::memory_order_relaxed);
}

Status DurableFile::write_all(std::span<const std::byte> bytes, uint64_t offset) {
  if (poisoned()) return Status(EIO, "an earlier sync failed");
  return write_all_at(*io_, fd_.get(), bytes, offset);
}

Status DurableFile::synced(int result) {
  if (result == 0) return Status();
  std::atomic_ref(poisoned_).store(true, std::memory_order_relaxed);
  return errno_status("sync file");
}

Status DurableFile::sync_data() {
  if (poisoned()) return Status(EIO, "an earlier sync failed");
  return synced(uninterrupted([&] { return io_->fdatasync(fd_.get()); }));
}

Status DurableFile::sync() {
  if (poisoned()) return Status(EIO, "an earlier sync failed");
  return synced(uninterrupted([&] { return io_->fsync(fd_.get()); }));
}

Status rename_into_place(FileIo& io, const Fd& dir, const char* from, const char* to) {
  if (uninterrupted([&] { return io.renameat(dir.get(), from, dir.get(), to); }) != 0) {
    return errno_status("rename into place");
  }
  if (uninterrupted([&] { return io.fsync(dir.get()); }) != 0) {
    return errno_status("sync directory");
  }
  return Status();
}

Status replace_file(FileIo& io, const Fd& dir, const std::string& name,
                    std::span<const std::byte> bytes, mode_t mode) {
  if (name.empty() || name.find('/') != std::string::npos) return Status(EINVAL, "not a file name");
  const std::string beside = name + ".new";
  if (beside.size() > limits::kNameBytesMax) return Status(ENAMETOOLONG, "file name too long");

  // 1. A new file beside. What a crash left of an earlier one goes first: it may have another mode.
  if (uninterrupted([&] { return io.unlinkat(dir.get(), beside.c_str(), 0); }) != 0 &&
      errno != ENOENT) {
    return errno_status("unlink leftover beside");
  }
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Fd fd(uninterrupted([&] { return io.openat(dir.get(), beside.c_str(), kFlags, mode); }));
  if (!fd.valid()) return errno_status("create beside");
  DurableFile file(io, std::move(fd));
  Status status = file.write_all(bytes, 0);  // 2. Its bytes reach the file,
  if (status.ok()) status = file.sync();     // 3. and the disk, before the name points at them.
  if (status.ok()) {
    status = rename_into_place(io, dir, beside.c_str(), name.c_str());  // 4. The name lasts.
  }
  // After a failed step the file beside is of no use; after a rename that was done it is not there.
  if (!status.ok()) (void)io.unlinkat(dir.get(), beside.c_str(), 0);
  return status;
}

Result<std::string> read_all(FileIo& io, const Fd& file, size_t max_bytes) {
  // Not sized by fstat: files of /proc and of mounts like ours may say 0 and have content.
  constexpr size_t kFirstBytes = 4096;
  std::string content;
  size_t got = 0;
  for (;;) {
    if (got == content.size()) {
      // One byte more than allowed, to tell a full file from a longer one.
      const size_t room = std::min(std::max(kFirstBytes, got), max_bytes - got);
      content.resize(got + room + (room == max_bytes - got ? 1 : 0));
    }
    const ssize_t read = uninterrupted([&] {
      return io.pread(file.get(), content.data() + got, content.size() - got,
                      static_cast<off_t>(got));
    });
    if (read < 0) return errno_status("pread");
    if (read == 0) break;
    got += static_cast<size_t>(read);
    if (got > max_bytes) return Status(EFBIG, "file larger than allowed");
  }
  content.resize(got);
  return content;
}

}  // namespace vexfs
