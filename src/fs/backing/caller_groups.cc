// libfuse's reader of /proc/PID/task/PID/status.
#include "fs/backing/caller_groups.h"

#include <algorithm>

#include "base/limits.h"

namespace vexfs::fs {

CallerGroups::CallerGroups(fuse_req_t req) {
  const fuse_ctx* context = ::fuse_req_ctx(req);
  uid_ = context->uid;
  gid_ = context->gid;
  if (uid_ == 0 || context->pid <= 0) return;
  groups_.resize(limits::kCallerGroupsUsual);
  const auto capacity = [this] { return static_cast<int>(groups_.size()); };
  int count = ::fuse_req_getgroups(req, capacity(), groups_.data());
  if (count > capacity()) {
    groups_.resize(std::min(static_cast<size_t>(count), limits::kCallerGroupsMax));
    count = ::fuse_req_getgroups(req, capacity(), groups_.data());
  }
  groups_.resize(static_cast<size_t>(std::clamp(count, 0, capacity())));
}

}  // namespace vexfs::fs
