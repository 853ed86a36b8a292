// OpenStore: what all parts of an open store share.
#ifndef VEXFS_ENGINE_STORAGE_OPEN_STORE_H_
#define VEXFS_ENGINE_STORAGE_OPEN_STORE_H_

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/mutex.h"
#include "base/status.h"
#include "engine/names/name_table.h"
#include "engine/storage/engine_options.h"
#include "engine/storage/space_list.h"
#include "engine/storage/storage_mutex.h"
#include "store/catalog.h"
#include "store/store_directory.h"
#include "tree/tree.h"

namespace vexfs::engine {

// The catalog, the names and the spaces, with the one mutex that guards them. StorageParts owns it.
//
// Threads: what has no annotation is constant once the store is open, or has a rule of its own. The
// mutex is held over short reads and writes of the catalog, and over the second, short fdatasync of
// a commit; the order of locks is in storage_mutex.h.
struct OpenStore {
  OpenStore(FileIo& file_io, tree::Tree& of_tree, const EngineOptions& given,
            store::StoreDirectory opened, std::unique_ptr<store::Catalog> opened_catalog,
            Fd work_fd)
      : io(file_io),
        tree(of_tree),
        options(given),
        directory(std::move(opened)),
        work(std::move(work_fd)),
        catalog(std::move(opened_catalog)) {}

  Mutex& mutex() const RETURN_CAPABILITY(storage_mutex) { return mutex_; }

  // fdatasync of the catalog's log: the one call of the catalog that may run beside others.
  Status sync_log() NO_THREAD_SAFETY_ANALYSIS { return catalog->sync(); }
  // Makes `work` readable, so that the maintenance thread looks what is due. Any thread.
  void wake() const {
    const uint64_t one = 1;
    // An eventfd that nobody ever drained may be full; then it is readable anyhow.
    [[maybe_unused]] const ssize_t written = ::write(work.get(), &one, sizeof one);
  }

  FileIo& io;
  tree::Tree& tree;
  const EngineOptions options;
  store::StoreDirectory directory;
  Fd work;                     // An eventfd.
  bool started_clean = false;  // The mount before ended as it should. Set before any thread runs.
  // Grows with every change of vectors or names.
  std::atomic<uint64_t> generation{1};

  const std::unique_ptr<store::Catalog> catalog PT_GUARDED_BY(storage_mutex);
  // A loss of changes replaces it.
  std::unique_ptr<NameTable> names GUARDED_BY(storage_mutex) PT_GUARDED_BY(storage_mutex);
  SpaceList spaces GUARDED_BY(storage_mutex);

 private:
  mutable Mutex mutex_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_OPEN_STORE_H_
