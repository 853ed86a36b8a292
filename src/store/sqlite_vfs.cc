// SQLite's VFS for Unix with three of its functions replaced (https://sqlite.org/vfs.html).
#include "store/sqlite_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "base/fault_watch.h"
#include "base/mutex.h"

namespace vexfs::store {
namespace {

// The methods of SQLite's for a kind of file, and a copy in which ours stand. Which a file has
// depends on its filesystem.
struct Methods {
  sqlite3_io_methods ours;  // First: a file points to it.
  const sqlite3_io_methods* theirs;
};
constexpr size_t kKindsMax = 8;

sqlite3_vfs* unix_vfs = nullptr;
Mutex changing;
std::array<Methods, kKindsMax> kinds GUARDED_BY(changing);
std::map<const sqlite3_file*, std::vector<FaultWatch>> watches GUARDED_BY(changing);

const sqlite3_io_methods* theirs(const sqlite3_file* file) {
  return reinterpret_cast<const Methods*>(file->pMethods)->theirs;
}

// SQLite would resolve /proc/self/fd/N to a name, and that name may lead into our own mount, whose
// requests would wait for this very call.
int keep_path(sqlite3_vfs* /*vfs*/, const char* path, int room, char* out) {
  const size_t bytes = std::strlen(path) + 1;
  if (bytes > static_cast<size_t>(room)) return SQLITE_CANTOPEN;
  std::memcpy(out, path, bytes);
  return SQLITE_OK;
}

int map_log_index(sqlite3_file* file, int region, int bytes, int extend, void volatile** out) {
  const int code = theirs(file)->xShmMap(file, region, bytes, extend, out);
  if (code != SQLITE_OK || *out == nullptr) return code;
  Result<FaultWatch> watch =
      FaultWatch::start(const_cast<const void*>(*out), static_cast<size_t>(bytes));
  if (!watch.ok()) return SQLITE_IOERR_SHMMAP;
  const MutexLock lock(changing);
  watches[file].push_back(std::move(watch.value()));
  return SQLITE_OK;
}

int unmap_log_index(sqlite3_file* file, int remove) {
  {
    const MutexLock lock(changing);
    watches.erase(file);
  }
  return theirs(file)->xShmUnmap(file, remove);
}

// The kind with these methods, new where there is none yet. Nullptr when there are too many.
const sqlite3_io_methods* with_ours(const sqlite3_io_methods* methods) {
  const MutexLock lock(changing);
  for (Methods& kind : kinds) {
    if (kind.theirs != nullptr && kind.theirs != methods) continue;
    if (kind.theirs == nullptr) {
      kind.ours = *methods;
      kind.ours.xShmMap = &map_log_index;
      kind.ours.xShmUnmap = &unmap_log_index;
      kind.theirs = methods;
    }
    return &kind.ours;
  }
  return nullptr;
}

int open_file(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* out) {
  const int code = unix_vfs->xOpen(unix_vfs, name, file, flags, out);
  const sqlite3_io_methods* const methods = file->pMethods;
  constexpr int kWithSharedMemory = 2;
  if (code != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0 || methods == nullptr ||
      methods->iVersion < kWithSharedMemory || methods->xShmMap == nullptr) {
    return code;
  }
  if (const sqlite3_io_methods* const ours = with_ours(methods); ours != nullptr) {
    file->pMethods = ours;
  }
  return code;
}

// Where there is no `parent`, opening a database will fail: no VFS has the name. Without `open`,
// files are opened as the parent does.
void add(sqlite3_vfs& ours, const sqlite3_vfs* parent, const char* name,
         decltype(sqlite3_vfs::xOpen) open) {
  if (parent == nullptr) return;
  ours = *parent;
  ours.zName = name;
  ours.xFullPathname = &keep_path;
  if (open != nullptr) ours.xOpen = open;
  (void)::sqlite3_vfs_register(&ours, 0);
}

}  // namespace

void register_vfs() {
  static sqlite3_vfs with_locks;
  static sqlite3_vfs alone;
  unix_vfs = ::sqlite3_vfs_find(nullptr);
  add(with_locks, unix_vfs, kVfs, &open_file);
  add(alone, ::sqlite3_vfs_find("unix-none"), kVfsAlone, nullptr);
}

bool log_index_faulted(const sqlite3_file* file) {
  const MutexLock lock(changing);
  const auto found = watches.find(file);
  return found != watches.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [](const FaultWatch& watch) { return watch.faulted(); });
}

}  // namespace vexfs::store
