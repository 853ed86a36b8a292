// The extended attributes user.vexfs.vector.<space>, the vectors of a file as any tool sees them,
// and user.vexfs.state, what became of its text.
#ifndef VEXFS_FS_REQUESTS_VECTOR_ATTRIBUTES_H_
#define VEXFS_FS_REQUESTS_VECTOR_ATTRIBUTES_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "base/status.h"
#include "fs/requests/file_system.h"

namespace vexfs::fs {

// All names below it belong to VexFS; none is ever stored on the backing file.
inline constexpr std::string_view kReservedAttributes = "user.vexfs.";
inline constexpr std::string_view kVectorAttributes = "user.vexfs.vector.";
inline constexpr std::string_view kStateAttribute = "user.vexfs.state";

// The space that the name ends in; empty for any other attribute.
std::string_view space_of_attribute(std::string_view name);

// Values are little-endian float32. The kernel has checked the caller's rights, as for all of
// user.* Request threads.
//
// EOPNOTSUPP for what is no regular file of the source's own filesystem; ENODATA, EEXIST by
// `flags`, which are those of setxattr(2); EINVAL for a value that the space does not take.
Status set_vector_attribute(FileSystem& fs, NodeId node, std::string_view space,
                            std::span<const std::byte> value, int flags);
// Bytes of the value, which is in `out` if that has room, else ERANGE; no room at all only asks.
Result<size_t> get_vector_attribute(FileSystem& fs, NodeId node, std::string_view space,
                                    std::span<std::byte> out);
Status remove_vector_attribute(FileSystem& fs, NodeId node, std::string_view space);

// "fresh", "pending", "failed: WHY" or "skipped: WHY", cut where `out` has no room. It cannot be
// set, and is not listed: no copy shall carry it along. ENODATA for what is not looked at.
Result<size_t> get_state_attribute(FileSystem& fs, NodeId node, std::span<char> out);

// Writes the names of the file's vector attributes, each with its terminator, and answers their
// bytes. What has none has no names; nor have those of an embedder, which nobody else can set.
// E2BIG when `out` has no room.
Result<size_t> list_vector_attributes(FileSystem& fs, NodeId node, std::span<char> out);

// False for a file that certainly has no vectors; true for directories, whose files may have.
bool may_carry_vectors(FileSystem& fs, NodeId node);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_VECTOR_ATTRIBUTES_H_
