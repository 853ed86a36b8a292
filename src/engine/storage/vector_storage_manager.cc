// Opening and closing a store.
#include "engine/storage/vector_storage_manager.h"

#include <sys/eventfd.h>

#include <algorithm>

#include "base/log.h"
#include "engine/storage/storage_state.h"

namespace vexfs::engine {

VectorStorageManager::VectorStorageManager(std::unique_ptr<State> state)
    : state_(std::move(state)) {}

Result<std::unique_ptr<VectorStorageManager>> VectorStorageManager::open(
    FileIo& io, tree::Tree& tree, const EngineOptions& options, bool create) {
  if (!create && !store::store_exists(tree.root())) return Status(ENOENT, "no store");
  const auto access = options.read_only ? store::StoreDirectory::Access::kReadOnly
                                        : store::StoreDirectory::Access::kReadWrite;
  VEXFS_TRY(directory, store::StoreDirectory::open(io, tree.root(), access));
  auto state = std::make_unique<State>(io, tree, options, std::move(directory));
  VEXFS_CHECK_OK(state->start());
  return std::unique_ptr<VectorStorageManager>(new VectorStorageManager(std::move(state)));
}

Status VectorStorageManager::State::start() {
  work = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!work.valid()) return errno_status("eventfd");
  const auto access =
      options.read_only ? store::Catalog::Access::kReadOnly : store::Catalog::Access::kReadWrite;
  VEXFS_TRY(opened, store::Catalog::open(io, directory.fd(), access));
  catalog = std::move(opened);
  VEXFS_TRY(text_files, store::TextFiles::open(io, directory.fd()));
  texts.emplace(std::move(text_files));
  names = std::make_unique<NameTable>(*catalog, tree, *this);
  VEXFS_CHECK_OK(names->start());
  durable_change = catalog->last_change();
  VEXFS_TRY(rows, catalog->spaces());
  for (store::Space& row : rows) {
    spaces.push_back(std::make_shared<SpaceState>());
    spaces.back()->row = std::move(row);
  }
  VEXFS_TRY(clean, catalog->mark("clean", 0));
  VEXFS_TRY(orphans_left, catalog->mark("orphans", 0));
  was_clean = clean != 0;
  orphans_unknown = !was_clean || orphans_left > 0;
  if (orphans_unknown) orphans_due = Clock::now();
  if (catalog->changed()) note_change();  // The names of a new store.
  if (options.read_only || catalog->last_change() == 0) return {};
  VEXFS_CHECK_OK(finish_swap());
  remove_strays();
  return {};
}

// Folders of spaces that a crash left between the catalog's commit and their removal, or before
// their commit.
void VectorStorageManager::State::remove_strays() {
  const Result<std::vector<std::string>> folders = directory.space_folders();
  if (!folders.ok()) return;
  for (const std::string& name : folders.value()) {
    if (find_space(name) != nullptr) continue;
    const Status status = directory.remove_space(name);
    if (!status.ok()) log(LogLevel::kWarning, "the folder of a dropped space", status);
  }
}

VectorStorageManager::~VectorStorageManager() { state_->close(); }

void VectorStorageManager::State::close() {
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(limits::kUnmountSettleMs);
  std::vector<SpacePointer> open;
  {
    const std::lock_guard lock(mutex);
    std::copy_if(spaces.begin(), spaces.end(), std::back_inserter(open),
                 [](const SpacePointer& space) { return space->is_open(); });
  }
  for (const SpacePointer& space : open) {
    if (options.read_only) break;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    (void)space->knn->settle(static_cast<uint32_t>(std::max<int64_t>(0, left.count())));
    // Without it the next start links again what is in the catalog.
    if (const Status status = space->knn->checkpoint(); !status.ok()) {
      log(LogLevel::kWarning, "checkpoint of a graph at the end", status);
    }
  }
  for (const SpacePointer& space : open) space->knn->stop();
  if (!options.read_only) {
    const Status status = close_catalog();
    if (!status.ok()) log(LogLevel::kError, "last commit", status);
  }
  const std::lock_guard lock(mutex);
  spaces.clear();
}

Status VectorStorageManager::State::close_catalog() {
  const std::lock_guard commit_lock(commit_mutex);
  {
    const std::lock_guard lock(mutex);
    if (changes_lost) return lost_why;
    if (was_clean && !marked_unclean && !catalog->changed()) return {};
    marked_unclean = true;  // The mark that follows is the last word.
    const auto left = static_cast<int64_t>(orphans.size() + (orphans_unknown ? 1 : 0));
    VEXFS_CHECK_OK(failed(catalog->set_mark("orphans", left)));
    VEXFS_CHECK_OK(failed(catalog->set_mark("clean", 1)));
    note_change();
  }
  VEXFS_CHECK_OK(commit());
  return catalog->checkpoint();
}

void VectorStorageManager::read(FunctionRef<void(const Snapshot&)> callback) const {
  const std::lock_guard lock(state_->mutex);
  callback(Snapshot(*state_->catalog, *state_->names));
}

DirectoryIndex VectorStorageManager::find_directory(const ObjectKey& directory) const {
  const std::lock_guard lock(state_->mutex);
  return state_->names->find_directory(directory);
}

Result<std::optional<store::Object>> VectorStorageManager::find_object(const ObjectKey& key) const {
  const std::lock_guard lock(state_->mutex);
  return state_->catalog->find_object(key);
}

store::ChangeNumber VectorStorageManager::last_change() const {
  const std::lock_guard lock(state_->mutex);
  return state_->catalog->last_change();
}

store::ObjectId VectorStorageManager::last_object() const {
  const std::lock_guard lock(state_->mutex);
  return state_->catalog->last_object();
}

uint64_t VectorStorageManager::generation() const { return state_->generation.load(); }

}  // namespace vexfs::engine
