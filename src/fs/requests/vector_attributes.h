// Two kinds of extended attributes: user.vexfs.vector.SPACE holds the vectors of a file, and
// user.vexfs.state says what became of its text.
#ifndef VEXFS_FS_REQUESTS_VECTOR_ATTRIBUTES_H_
#define VEXFS_FS_REQUESTS_VECTOR_ATTRIBUTES_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "base/status.h"
#include "fs/requests/file_system.h"

namespace vexfs::fs {

// All attributes with this prefix belong to VexFS. Only saved searches among them are stored on the
// backing file.
inline constexpr std::string_view kReservedAttributes = "user.vexfs.";
inline constexpr std::string_view kVectorAttributes = "user.vexfs.vector.";
inline constexpr std::string_view kStateAttribute = "user.vexfs.state";

// SPACE of user.vexfs.vector.SPACE; empty for any other attribute.
std::string_view space_of_attribute(std::string_view name);

// Values are little-endian float32. The kernel has checked the caller's rights, as for all of
// user.* Request threads.
//
// EPERM for what is no regular file of the source's own filesystem, and where the source can have
// no vectors; ENOENT where there is no such space; ENODATA, EEXIST by `flags`, which are those of
// setxattr(2); EINVAL for a value that the space does not take.
Status set_vector_attribute(FileSystem& fs, NodeId node, std::string_view space,
                            std::span<const std::byte> value, int flags);
// Writes the value to `out` and returns its bytes. ERANGE when `out` is too small; an empty `out`
// only asks for the size.
Result<size_t> get_vector_attribute(FileSystem& fs, NodeId node, std::string_view space,
                                    std::span<std::byte> out);
Status remove_vector_attribute(FileSystem& fs, NodeId node, std::string_view space);

// Writes "fresh", "pending", "failed: WHY" or "skipped: WHY", cut off where `out` ends. The
// attribute cannot be set. It is not listed either, so that copies of the file do not carry it.
// ENODATA for a file whose text is not indexed.
Result<size_t> get_state_attribute(FileSystem& fs, NodeId node, std::span<char> out);

// Writes the names of the file's vector attributes, each with its terminator, and returns their
// bytes; 0 for a file without vectors. Spaces that an embedder fills are left out, as nobody else
// can set their vectors. E2BIG when `out` is too small; while the store cannot be read, what
// get_vector_attribute() answers.
Result<size_t> list_vector_attributes(FileSystem& fs, NodeId node, std::span<char> out);

// False for a file that certainly has no vectors; true for directories, whose files may have.
bool may_carry_vectors(FileSystem& fs, NodeId node);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_VECTOR_ATTRIBUTES_H_
