// Credentials: the caller of a query, and what POSIX lets the caller see.
#ifndef VEXFS_TREE_CREDENTIALS_H_
#define VEXFS_TREE_CREDENTIALS_H_

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/limits.h"

namespace vexfs::tree {

// The caller of a query. The supplementary groups belong to the maker of the Credentials, and must
// outlive the call.
struct Credentials {
  uid_t uid = 0;
  gid_t gid = 0;
  std::span<const gid_t> groups;

  bool sees_all() const { return uid == 0; }
  bool in_group(gid_t group) const;
  // A hash of uid, gid and groups, whatever their order. It differs between processes. Caches use
  // it as a key together with the uid itself.
  uint64_t hash() const;
};

// Whether the caller has `wanted` (R_OK, W_OK, X_OK) on an inode with these attributes. `acl` is
// the value of system.posix_acl_access, empty where there is none; a malformed one permits nothing.
// acl(5), "Access check algorithm", as Linux has it.
bool permits(const Credentials& caller, const struct stat& attributes,
             std::span<const std::byte> acl, int wanted);

// The attribute's name, and the most bytes of a list that is evaluated: a header and
// limits::kAclEntriesMax entries. A longer list permits nothing.
inline constexpr char kAclAttribute[] = "system.posix_acl_access";
inline constexpr size_t kAclBytesMax = 4 + size_t{8} * limits::kAclEntriesMax;

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_CREDENTIALS_H_
