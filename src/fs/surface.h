// Surface: the hidden `.vexfs` directory of every directory of the mount.
#ifndef VEXFS_FS_SURFACE_H_
#define VEXFS_FS_SURFACE_H_

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "fs/fuse_lowlevel.h"
#include "fs/node.h"

namespace vexfs::fs {

inline constexpr std::string_view kSurfaceName = ".vexfs";

enum class Report : uint32_t { kStatus = 1, kStack = 2, kMetrics = 3 };

// Lookup finds `.vexfs`, readdir never lists it: recursive tools do not descend into it. Its files
// are reports on the mount, read-only, the same in every directory. A report is made when it is
// opened, on the service thread: building text needs more stack than a request thread has.
//
// The ids of its nodes are made of the directory's id: nothing is stored, nothing is forgotten.
// Threads: all methods may run at once.
class Surface {
 public:
  // Makes the text of a report and calls back with it, on a thread with a large stack. False when
  // too many are waiting.
  using Reporter = bool (*)(void* context, Report report, fuse_req_t req, fuse_file_info fi);
  void set_reporter(Reporter reporter, void* context) {
    reporter_ = reporter;
    reporter_context_ = context;
  }

  // `name` in `parent`: parent is of the surface, or name is `.vexfs`.
  void lookup(fuse_req_t req, NodeId parent, std::string_view name) const;
  void getattr(fuse_req_t req, NodeId node) const;
  static struct stat attributes(NodeId node);
  void readdir(fuse_req_t req, NodeId node, size_t size, off_t offset, bool plus) const;
  // EACCES for writing. Otherwise the reply comes from the reporter, by reply_report().
  void open(fuse_req_t req, NodeId node, const fuse_file_info& fi) const;
  void read(fuse_req_t req, size_t size, off_t offset, const fuse_file_info& fi) const;
  void release(fuse_req_t req, const fuse_file_info& fi) const;

  // Answers an open with `text`, which the open file keeps.
  static void reply_report(fuse_req_t req, fuse_file_info fi, std::string text);

 private:
  Reporter reporter_ = nullptr;
  void* reporter_context_ = nullptr;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_H_
