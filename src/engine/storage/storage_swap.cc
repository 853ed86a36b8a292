// A space that takes the place of another, and what a crash leaves of that.
//
// Order: 1. a space of the name with a '~' is made and filled; 2. in one transaction the other
// goes, this one gets its name, and the mark says so; 3. the folder is renamed; 4. the mark goes. A
// crash before the end of 2 leaves the old space, one after it the new; the next start does 3
// and 4.
#include <algorithm>

#include "engine/storage/space_folder.h"
#include "engine/storage/storage_state.h"

namespace vexfs::engine {

using store::SpaceId;

Result<Fd> VectorStorageManager::State::folder_of(const store::Space& space, bool create) {
  const std::lock_guard lock(mutex);
  return engine::folder_of(directory, *catalog, space, create);
}

// The documents whose passages are in a space beside another have them in the other too.
Status VectorStorageManager::State::move_back(SpaceState& space) {
  if (!space.row.name.ends_with('~')) return {};
  const std::string_view name(space.row.name.data(), space.row.name.size() - 1);
  const SpacePointer home = find_space(name);
  if (home == nullptr) return {};
  return failed(catalog->move_documents(space.row.id, home->row.id));
}

Status VectorStorageManager::State::finish_swap() {
  std::string name;
  {
    const std::lock_guard lock(mutex);
    VEXFS_TRY(swapped, catalog->mark(kSwapMark, 0));
    if (swapped == 0) return {};
    VEXFS_CHECK_OK(may_change());
    const SpacePointer space = find_space(SpaceId{static_cast<uint32_t>(swapped)});
    if (space != nullptr) name = space->row.name;
  }
  VEXFS_CHECK_OK(flush());  // The catalog has the new names for certain.
  if (!name.empty()) VEXFS_CHECK_OK(directory.replace_space(beside(name), name));
  {
    const std::lock_guard lock(mutex);
    VEXFS_CHECK_OK(may_change());
    VEXFS_CHECK_OK(failed(catalog->set_mark(kSwapMark, 0)));
    note_change();
  }
  return flush();
}

Status VectorStorageManager::replace_space(std::string_view name) {
  State& state = *state_;
  VEXFS_CHECK_OK(state.finish_swap());  // Of an earlier one, that failed.
  State::SpacePointer old;
  {
    std::unique_lock lock(state.mutex);
    VEXFS_CHECK_OK(state.may_change());
    state.phase_changed.wait(lock, [&state] {
      return std::none_of(state.spaces.begin(), state.spaces.end(), [](const auto& space) {
        return space->phase == SpaceState::Phase::kOpening;
      });
    });
    const State::SpacePointer made = state.find_space(beside(name));
    if (made == nullptr) return Status(ENOENT, "no space to take the place");
    old = state.find_space(name);
    store::Catalog& catalog = *state.catalog;
    if (old != nullptr) VEXFS_CHECK_OK(state.failed(catalog.remove_space(old->row.id)));
    VEXFS_CHECK_OK(state.failed(catalog.rename_space(made->row.id, name)));
    const auto id = static_cast<int64_t>(made->row.id);
    VEXFS_CHECK_OK(state.failed(catalog.set_mark(kSwapMark, id)));
    made->row.name = name;
    if (old != nullptr) {
      old->current = false;
      std::erase(state.spaces, old);
      state.dropped_spaces.push_back(old);
    }
    state.note_change();
  }
  if (old != nullptr && old->knn != nullptr) old->knn->stop();
  return state.finish_swap();
}

}  // namespace vexfs::engine
