// DirectoryRecord: one entry of a directory as getdents64(2) writes it.
//
// Both functions may run on any thread; neither allocates.
#ifndef VEXFS_TREE_DIRECTORY_RECORD_H_
#define VEXFS_TREE_DIRECTORY_RECORD_H_

#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace vexfs::tree {

// struct linux_dirent64 of getdents(2). Records follow one another in a block, each aligned to 8.
struct DirectoryRecord {
  uint64_t inode;
  int64_t next_offset;  // Where lseek(2) must go for the entry that follows this one.
  unsigned short record_bytes;
  unsigned char type;  // DT_*; DT_UNKNOWN where the filesystem does not say.
  char name[];         // Ends in a zero byte.
};

// Reads the next records of the directory into `block` (aligned to 8). The bytes that they take, 0
// at the end of the directory, or -1 with errno.
inline long read_records(int directory, std::span<char> block) {
  return ::syscall(SYS_getdents64, directory, block.data(), block.size());
}

// The record at the byte `at` of a block; `at` is 0 or the end of another record.
inline const DirectoryRecord& record_at(std::span<const char> block, size_t at) {
  return *reinterpret_cast<const DirectoryRecord*>(block.data() + at);
}

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_DIRECTORY_RECORD_H_
