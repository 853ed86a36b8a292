// How SQLite reaches the files of the catalog: its own way, but for the names of files and for what
// cannot be read of the log's index.
#ifndef VEXFS_STORE_SQLITE_VFS_H_
#define VEXFS_STORE_SQLITE_VFS_H_

struct sqlite3_file;

namespace vexfs::store {

// Names of the two ways, for sqlite3_open_v2(): with locks, and without locks and shared memory.
inline constexpr const char* kVfs = "vexfs";
inline constexpr const char* kVfsAlone = "vexfs-alone";

// Registers both. Before the first connection, once.
void register_vfs();

// Whether a page of the index of the file's log, which SQLite maps (the -shm file), could not be
// read: it has had zeros since, so SQLite may overlook what is in the log. Any thread.
bool log_index_faulted(const sqlite3_file* file);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_SQLITE_VFS_H_
