// OpenFiles: the open files of the mount, and what all opens of one inode share.
#ifndef VEXFS_FS_BACKING_OPEN_FILES_H_
#define VEXFS_FS_BACKING_OPEN_FILES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/fd.h"
#include "base/mutex.h"
#include "base/status.h"
#include "fs/backing/content_stamp.h"
#include "fs/backing/node.h"
#include "fs/backing/node_table.h"
#include "fs/backing/passthrough.h"

namespace vexfs::fs {

// One open(2) of the mount; its address is the file handle that the kernel sends back.
struct OpenFile {
  std::shared_ptr<const Fd> fd;  // Opened with the caller's flags.
  NodeId node;
  bool writable;
  int backing_id;  // Of the inode's kernel passthrough; 0 when requests carry the data.
};

// The kernel takes one backing file per inode, and no mixture of passthrough and cached opens: the
// first open of an inode decides for all that follow while it is open.
//
// Threads: all methods lock mutex_. Order: mutex_ before NodeTable's. No system call is made under
// it.
class OpenFiles {
 public:
  OpenFiles(NodeTable& nodes, Passthrough& passthrough)
      : nodes_(nodes), passthrough_(passthrough) {}

  // The kernel owns the result until close(). ENFILE at limits::kOpenFilesMax. For a writable file,
  // `before` is its stamp from before this open could change it.
  Result<OpenFile*> open(NodeId node, Fd fd, bool writable, const ContentStamp& before = {});
  // After the close of the last open that could change the inode, the stamp from before the first.
  std::optional<ContentStamp> close(OpenFile* file);

  // A descriptor of the inode when it is open, else null. It also reaches unlinked files.
  std::shared_ptr<const Fd> descriptor_of(NodeId node);
  size_t size();

 private:
  struct Inode {
    std::shared_ptr<const Fd> fd;
    uint32_t opens = 0;
    uint32_t writers = 0;
    ContentStamp before;  // Of the first writer.
    int backing_id = 0;
  };

  NodeTable& nodes_;
  Passthrough& passthrough_;
  Mutex mutex_;
  std::unordered_map<uint64_t, Inode> inodes_ GUARDED_BY(mutex_);
  size_t size_ GUARDED_BY(mutex_) = 0;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_OPEN_FILES_H_
