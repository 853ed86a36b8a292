// getdents64(2) into the stream's own block.
#include "fs/backing/directory_stream.h"

#include <unistd.h>

#include "tree/directory_record.h"

namespace vexfs::fs {

Status DirectoryStream::seek(off_t offset) {
  if (offset == offset_) return {};
  if (::lseek(fd_.get(), offset, SEEK_SET) < 0) return errno_status("lseek");
  offset_ = offset;
  position_ = filled_ = 0;
  return {};
}

Result<bool> DirectoryStream::peek(DirectoryEntry& entry) {
  if (position_ == filled_) {
    const long bytes = tree::read_records(fd_.get(), buffer_);
    if (bytes < 0) return errno_status("getdents64");
    position_ = 0;
    filled_ = static_cast<size_t>(bytes);
    if (bytes == 0) return false;
  }
  const tree::DirectoryRecord& record = tree::record_at(buffer_, position_);
  entry = {record.inode, record.next_offset, record.type, record.name};
  return true;
}

void DirectoryStream::consume() {
  const tree::DirectoryRecord& record = tree::record_at(buffer_, position_);
  offset_ = record.next_offset;
  position_ += record.record_bytes;
}

}  // namespace vexfs::fs
