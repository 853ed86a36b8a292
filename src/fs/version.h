// The version of the product.
#ifndef VEXFS_FS_VERSION_H_
#define VEXFS_FS_VERSION_H_

namespace vexfs::fs {

inline constexpr char kVersion[] = "0.1.0";

}  // namespace vexfs::fs

#endif  // VEXFS_FS_VERSION_H_
