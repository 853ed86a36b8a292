// NodeId: how the kernel names an inode of the mount in its requests.
#ifndef VEXFS_FS_BACKING_NODE_H_
#define VEXFS_FS_BACKING_NODE_H_

#include <cstdint>

namespace vexfs::fs {

// 1 is the root (FUSE_ROOT_ID). Ids with the top bit belong to the mount's own surface; see
// fs/surface/surface_node.h. All others name a record of the NodeTable.
enum class NodeId : uint64_t {};

inline constexpr NodeId kNoNode{0};
inline constexpr NodeId kRootNode{1};
inline constexpr uint64_t kSurfaceBit = 1ULL << 63;

inline bool is_surface(NodeId node) { return (static_cast<uint64_t>(node) & kSurfaceBit) != 0; }

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_NODE_H_
