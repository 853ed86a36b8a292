// FaultIo: real calls in one directory, and beside them the model of the disk.
#include "base/testing/fault_io.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "base/fd.h"

namespace vexfs {
namespace {

// A test that cannot be modelled ends here, so that the model is never wrong unnoticed.
void require(bool condition) {
  if (!condition) std::abort();
}

uint64_t inode_of(int fd) {
  struct stat now;
  require(::fstat(fd, &now) == 0);
  return now.st_ino;
}

bool is_any_directory(int fd) {
  struct stat now;
  require(::fstat(fd, &now) == 0);
  return S_ISDIR(now.st_mode);
}

std::string bytes_of(int fd) {
  std::string bytes;
  std::array<char, 4096> chunk;
  for (;;) {
    const ssize_t got = ::pread(fd, chunk.data(), chunk.size(), static_cast<off_t>(bytes.size()));
    require(got >= 0);
    if (got == 0) return bytes;
    bytes.append(chunk.data(), static_cast<size_t>(got));
  }
}

// Files may be open for writing only; the model reads through a descriptor of its own.
std::string bytes_through(int fd) {
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  const Fd reader(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  require(reader.valid());
  return bytes_of(reader.get());
}

std::map<std::string, uint64_t> listing_of(int directory) {
  Fd copy(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  require(copy.valid());
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(copy.release()), ::closedir);
  require(stream != nullptr);
  std::map<std::string, uint64_t> inodes;
  while (const dirent* entry = ::readdir(stream.get())) {
    if (entry->d_type == DT_REG) inodes[entry->d_name] = entry->d_ino;
  }
  return inodes;
}

}  // namespace

FaultIo::FaultIo(int directory, const FailAt& plan) : directory_(directory), plan_(plan) {
  for (const auto& [name, inode] : listing_of(directory_)) {
    const FileId id = next_id_++;
    id_of_inode_[inode] = id;
    files_[id].durable = bytes_now(name);
    durable_names_[name] = id;
  }
}

std::map<std::string, FaultIo::FileId> FaultIo::names_now() const {
  std::map<std::string, FileId> names;
  for (const auto& [name, inode] : listing_of(directory_)) names[name] = id_of(inode);
  return names;
}

FaultIo::FileId FaultIo::id_of(uint64_t inode) const {
  const auto [at, added] = id_of_inode_.try_emplace(inode, next_id_);
  if (added) files_[next_id_++] = File{};
  return at->second;
}

std::string FaultIo::bytes_now(const std::string& name) const {
  const Fd file(::openat(directory_, name.c_str(), O_RDONLY | O_CLOEXEC));
  require(file.valid());
  return bytes_of(file.get());
}

std::map<std::string, std::string> FaultIo::after_crash(Keep names, Keep bytes) const {
  const std::map<std::string, FileId> now = names_now();
  std::map<FileId, std::string> current;
  for (const auto& [name, id] : now) current[id] = bytes_now(name);

  std::map<std::string, std::string> out;
  for (const auto& [name, id] : names == Keep::kAll ? now : durable_names_) {
    const File& file = files_.at(id);
    if (bytes == Keep::kSynced) {
      out[name] = file.durable;
    } else {
      const auto at = current.find(id);  // Not there: its name is gone, and may come back.
      out[name] = at != current.end() ? at->second : file.last_seen;
    }
  }
  return out;
}

std::optional<FaultIo::Fault> FaultIo::next_step() {
  const int step = steps_++;
  const bool due =
      plan_.step >= 0 && (step == plan_.step || (plan_.persistent && step > plan_.step));
  if (!due) return std::nullopt;
  errno = plan_.fault == Fault::kEintr ? EINTR : plan_.error;
  return plan_.fault;
}

int FaultIo::openat(int dir, const char* name, int flags, mode_t mode) {
  require(inode_of(dir) == inode_of(directory_));
  const auto fault = next_step();
  if (fault && *fault != Fault::kShort) return -1;
  struct stat before;
  const bool existed = ::fstatat(dir, name, &before, AT_SYMLINK_NOFOLLOW) == 0;
  const int fd = ::openat(dir, name, flags, mode);
  if (fd >= 0 && !existed) {
    const FileId id = next_id_++;
    id_of_inode_[inode_of(fd)] = id;
    files_[id] = File{};
  }
  return fd;
}

ssize_t FaultIo::pread(int fd, void* bytes, size_t count, off_t offset) {
  const auto fault = next_step();
  if (fault && *fault != Fault::kShort) return -1;
  return ::pread(fd, bytes, fault && count > 1 ? count / 2 : count, offset);
}

ssize_t FaultIo::pwrite(int fd, const void* bytes, size_t count, off_t offset) {
  const auto fault = next_step();
  if (fault && *fault != Fault::kShort) return -1;
  return ::pwrite(fd, bytes, fault && count > 1 ? count / 2 : count, offset);
}

// The model is the disk, so no real sync is needed, and both kinds of sync are the same.
int FaultIo::fdatasync(int fd) { return fsync(fd); }

int FaultIo::fsync(int fd) {
  const uint64_t inode = inode_of(fd);
  const bool is_directory = inode == inode_of(directory_);
  const auto fault = next_step();
  if (!is_directory && is_any_directory(fd)) return fault && *fault != Fault::kShort ? -1 : 0;
  bool& lost = is_directory ? lost_names_ : files_.at(id_of(inode)).lost_bytes;
  if (fault && *fault != Fault::kShort) {
    if (*fault == Fault::kError) lost = true;
    return -1;
  }
  if (lost) return 0;  // As kernels do: the error was reported once, and is forgotten.
  if (is_directory) {
    durable_names_ = names_now();
  } else {
    files_.at(id_of(inode)).durable = bytes_through(fd);
  }
  return 0;
}

// Called before a name stops pointing at a file, since a crash may bring the name back.
void FaultIo::remember(const char* name) {
  const std::map<std::string, FileId> names = names_now();
  if (const auto at = names.find(name); at != names.end()) {
    files_.at(at->second).last_seen = bytes_now(name);
  }
}

int FaultIo::renameat(int from_dir, const char* from, int to_dir, const char* to) {
  require(inode_of(from_dir) == inode_of(directory_) && inode_of(to_dir) == inode_of(directory_));
  const auto fault = next_step();
  if (fault && *fault != Fault::kShort) return -1;
  remember(to);
  return ::renameat(from_dir, from, to_dir, to);
}

int FaultIo::unlinkat(int dir, const char* name, int flags) {
  require(inode_of(dir) == inode_of(directory_));
  const auto fault = next_step();
  if (fault && *fault != Fault::kShort) return -1;
  remember(name);
  return ::unlinkat(dir, name, flags);
}

int FaultIo::mkdirat(int dir, const char* name, mode_t mode) {
  const auto fault = next_step();
  if (fault && *fault != Fault::kShort) return -1;
  return ::mkdirat(dir, name, mode);
}

int FaultIo::fallocate(int fd, int mode, off_t offset, off_t count) {
  const auto fault = next_step();
  if (fault && *fault != Fault::kShort) return -1;
  return ::fallocate(fd, mode, offset, count);
}

int FaultIo::ftruncate(int fd, off_t size) {
  const auto fault = next_step();
  if (fault && *fault != Fault::kShort) return -1;
  return ::ftruncate(fd, size);
}

}  // namespace vexfs
