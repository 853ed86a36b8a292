// getdents64(2) into the stream's own block.
#include "fs/backing/directory_stream.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace vexfs::fs {
namespace {

struct KernelEntry {  // struct linux_dirent64, getdents(2).
  uint64_t inode;
  int64_t next_offset;
  unsigned short record_bytes;
  unsigned char type;
  char name[];
};

}  // namespace

Status DirectoryStream::seek(off_t offset) {
  if (offset == offset_) return {};
  if (::lseek(fd_.get(), offset, SEEK_SET) < 0) return errno_status("lseek");
  offset_ = offset;
  position_ = filled_ = 0;
  return {};
}

Result<bool> DirectoryStream::peek(DirectoryEntry& entry) {
  if (position_ == filled_) {
    const long bytes = ::syscall(SYS_getdents64, fd_.get(), buffer_.data(), buffer_.size());
    if (bytes < 0) return errno_status("getdents64");
    position_ = 0;
    filled_ = static_cast<size_t>(bytes);
    if (bytes == 0) return false;
  }
  const auto* kernel = reinterpret_cast<const KernelEntry*>(buffer_.data() + position_);
  entry = {kernel->inode, kernel->next_offset, kernel->type, kernel->name};
  return true;
}

void DirectoryStream::consume() {
  const auto* kernel = reinterpret_cast<const KernelEntry*>(buffer_.data() + position_);
  offset_ = kernel->next_offset;
  position_ += kernel->record_bytes;
}

}  // namespace vexfs::fs
