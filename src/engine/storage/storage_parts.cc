// Opening and closing a store.
#include "engine/storage/storage_parts.h"

#include <sys/eventfd.h>

#include "base/log.h"

namespace vexfs::engine {

Result<std::unique_ptr<StorageParts>> StorageParts::open(FileIo& io, tree::Tree& tree,
                                                         const EngineOptions& options,
                                                         bool create) {
  if (!create && !store::store_exists(tree.root())) return Status(ENOENT, "no store");
  using DirectoryAccess = store::StoreDirectory::Access;
  VEXFS_TRY(directory,
            store::StoreDirectory::open(
                io, tree.root(),
                options.read_only ? DirectoryAccess::kReadOnly : DirectoryAccess::kReadWrite));
  Fd work(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!work.valid()) return errno_status("eventfd");
  using CatalogAccess = store::Catalog::Access;
  VEXFS_TRY(catalog, store::Catalog::open(
                         io, directory.fd(),
                         options.read_only ? CatalogAccess::kReadOnly : CatalogAccess::kReadWrite));
  VEXFS_TRY(texts, store::TextFiles::open(io, directory.fd()));
  std::unique_ptr<StorageParts> parts(new StorageParts(io, tree, options, std::move(directory),
                                                       std::move(catalog), std::move(texts),
                                                       std::move(work)));
  VEXFS_CHECK_OK(parts->start());
  parts->started_ = true;
  return parts;
}

Status StorageParts::start() {
  {
    const MutexLock lock(store.mutex());
    VEXFS_CHECK_OK(read_catalog());
    if (store.options.read_only || store.catalog->last_change() == 0) return {};
  }
  VEXFS_CHECK_OK(spaces.finish_replace());
  spaces.remove_strays();
  return {};
}

Status StorageParts::read_catalog() {
  store::Catalog& catalog = *store.catalog;
  store.names = std::make_unique<NameTable>(catalog, store.tree, names);
  VEXFS_CHECK_OK(store.names->start());
  commit.start();
  VEXFS_TRY(rows, catalog.spaces());
  for (store::Space& row : rows) store.spaces.add(std::move(row));
  VEXFS_TRY(clean, catalog.mark("clean", 0));
  VEXFS_TRY(orphans_left, catalog.mark("orphans", 0));
  store.started_clean = clean != 0;
  if (!store.started_clean || orphans_left > 0) orphans.set_unknown(Orphans::Clock::now());
  if (catalog.changed()) commit.note_change();  // The names of a new store.
  return {};
}

StorageParts::~StorageParts() {
  if (started_) close();
}

void StorageParts::close() {
  spaces.close();
  if (!store.options.read_only) {
    uint64_t orphans_left;
    {
      const MutexLock lock(store.mutex());
      orphans_left = orphans.left();
    }
    const Status status = commit.close(orphans_left);
    if (!status.ok()) log(LogLevel::kError, "last commit", status);
  }
  spaces.forget();
}

}  // namespace vexfs::engine
