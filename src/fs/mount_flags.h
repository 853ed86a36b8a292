// The flags of mount(2), as words of an option list.
#ifndef VEXFS_FS_MOUNT_FLAGS_H_
#define VEXFS_FS_MOUNT_FLAGS_H_

#include <string_view>

namespace vexfs::fs {

// Sets or clears in `flags` what the word stands for; the later of two words wins. False for a word
// that is no flag.
bool apply_mount_flag(std::string_view word, unsigned long& flags);

// The same for each word of a list that is separated by commas; other words are left out.
void apply_mount_flags(std::string_view list, unsigned long& flags);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_MOUNT_FLAGS_H_
