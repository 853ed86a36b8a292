// CallerGroups: who sent a request, with all of its groups.
#ifndef VEXFS_FS_BACKING_CALLER_GROUPS_H_
#define VEXFS_FS_BACKING_CALLER_GROUPS_H_

#include <sys/types.h>

#include <vector>

#include "fs/backing/fuse_lowlevel.h"
#include "tree/credentials.h"

namespace vexfs::fs {

// The kernel names the caller's uid and gid; the supplementary groups are read from /proc. A caller
// that is not visible there (in another pid namespace, or gone) gets none, so it sees less and
// never more. Root needs none. It takes 2.7 KiB of stack, so it is for threads with a large one.
class CallerGroups {
 public:
  explicit CallerGroups(fuse_req_t req);

  // The groups in it belong to this object.
  tree::Credentials credentials() const { return {uid_, gid_, groups_}; }

 private:
  uid_t uid_;
  gid_t gid_;
  std::vector<gid_t> groups_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_CALLER_GROUPS_H_
