// Reference counts of open inodes and their passthrough registrations.
#include "fs/backing/open_files.h"

#include <new>

#include "base/limits.h"

namespace vexfs::fs {

Result<OpenFile*> OpenFiles::open(NodeId node, Fd fd, bool writable, const ContentStamp& before) {
  std::unique_ptr<OpenFile> file(new (std::nothrow) OpenFile{nullptr, node, writable, 0});
  if (file == nullptr) return Status(ENOMEM, "open file");
  file->fd = std::make_shared<const Fd>(std::move(fd));

  // The registration is a system call, so it is made before the lock, for the first open only.
  int registered = 0;
  {
    MutexLock lock(mutex_);
    if (size_ >= limits::kOpenFilesMax)
      return Status(ENFILE, "limits::kOpenFilesMax files are open");
    if (!inodes_.contains(static_cast<uint64_t>(node))) registered = -1;
  }
  if (registered < 0) registered = passthrough_.open(file->fd->get());

  int surplus = 0;
  {
    MutexLock lock(mutex_);
    Inode& inode = inodes_[static_cast<uint64_t>(node)];
    if (inode.opens == 0) {
      inode.fd = file->fd;
      inode.backing_id = registered;
      nodes_.set_flag(node, NodeFlag::kOpen, true);
    } else {
      surplus = registered;  // Another open of the inode came first.
    }
    if (writable && inode.writers++ == 0) {
      inode.before = before;
      nodes_.set_flag(node, NodeFlag::kOpenForWrite, true);
    }
    ++inode.opens;
    ++size_;
    file->backing_id = inode.backing_id;
  }
  if (surplus > 0) passthrough_.close(surplus);
  return file.release();
}

std::optional<ContentStamp> OpenFiles::close(OpenFile* closing) {
  const std::unique_ptr<OpenFile> file(closing);
  std::shared_ptr<const Fd> last;  // Closed after the lock.
  std::optional<ContentStamp> before;
  int backing_id = 0;
  {
    MutexLock lock(mutex_);
    --size_;
    const auto found = inodes_.find(static_cast<uint64_t>(file->node));
    Inode& inode = found->second;
    if (file->writable && --inode.writers == 0) {
      before = inode.before;
      nodes_.set_flag(file->node, NodeFlag::kOpenForWrite, false);
    }
    if (--inode.opens == 0) {
      nodes_.set_flag(file->node, NodeFlag::kOpen, false);
      last = std::move(inode.fd);
      backing_id = inode.backing_id;
      inodes_.erase(found);
    }
  }
  if (backing_id > 0) passthrough_.close(backing_id);
  return before;
}

std::shared_ptr<const Fd> OpenFiles::descriptor_of(NodeId node) {
  MutexLock lock(mutex_);
  const auto found = inodes_.find(static_cast<uint64_t>(node));
  return found == inodes_.end() ? nullptr : found->second.fd;
}

size_t OpenFiles::size() {
  MutexLock lock(mutex_);
  return size_;
}

}  // namespace vexfs::fs
