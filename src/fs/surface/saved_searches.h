// Saved searches of a directory. Each is an extended attribute user.vexfs.saved.NAME of the
// directory, whose value is the query, so it is moved and copied with the directory.
#ifndef VEXFS_FS_SURFACE_SAVED_SEARCHES_H_
#define VEXFS_FS_SURFACE_SAVED_SEARCHES_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/status.h"
#include "fs/backing/backing.h"
#include "tree/credentials.h"

namespace vexfs::fs {

inline constexpr std::string_view kSavedAttributes = "user.vexfs.saved.";
static_assert(kSavedAttributes.size() + limits::kSavedNameBytesMax == limits::kXattrNameBytesMax);

// The attribute's NAME; empty for any other attribute.
std::string_view saved_name_of(std::string_view attribute);
// Whether the attribute may be set to a value of so many bytes. EINVAL where NAME cannot be the
// name of a directory entry, EPERM where the node is not a directory, E2BIG for a query that is too
// long.
Status check_saved_attribute(Backing& backing, NodeId node, std::string_view attribute,
                             size_t bytes);

// The functions below are for workers. ENOENT, EEXIST, ENAMETOOLONG; ENOTSUP where the backing
// filesystem has no user attributes. The kernel has checked that the caller may write the
// directory. In a sticky directory only its owner may change them (EPERM), as with all user.*
// attributes.
Result<std::vector<std::string>> saved_searches(Backing& backing, NodeId directory);
Result<std::string> saved_query(Backing& backing, NodeId directory, std::string_view name);
Status save_search(Backing& backing, const tree::Credentials& caller, NodeId directory,
                   std::string_view name, std::string_view query);
Status remove_saved(Backing& backing, const tree::Credentials& caller, NodeId directory,
                    std::string_view name);
// Never replaces: EEXIST.
Status rename_saved(Backing& backing, const tree::Credentials& caller, NodeId from,
                    std::string_view name, NodeId to, std::string_view new_name);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_SAVED_SEARCHES_H_
