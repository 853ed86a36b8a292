// A store has few spaces, so they are sought one by one.
#include "engine/storage/space_list.h"

#include <algorithm>
#include <iterator>

namespace vexfs::engine {

SpacePointer SpaceList::find(std::string_view name) const {
  for (const SpacePointer& space : spaces_) {
    if (space->row.name == name) return space;
  }
  return nullptr;
}

SpacePointer SpaceList::find(store::SpaceId id) const {
  for (const SpacePointer& space : spaces_) {
    if (space->id() == id) return space;
  }
  return nullptr;
}

void SpaceList::add(store::Space row) {
  spaces_.push_back(std::make_shared<SpaceState>(std::move(row)));
}

void SpaceList::drop(const SpacePointer& space) {
  space->current = false;
  dropped_.push_back(space);
  std::erase(spaces_, dropped_.back());
}

std::vector<SpacePointer> SpaceList::replace(std::vector<store::Space> rows) {
  std::vector<SpacePointer> old;
  old.swap(spaces_);
  for (const SpacePointer& space : old) space->current = false;
  for (store::Space& row : rows) add(std::move(row));
  return old;
}

std::vector<SpacePointer> SpaceList::take_unused() {
  const auto first =
      std::partition(dropped_.begin(), dropped_.end(),
                     [](const SpacePointer& space) { return space.use_count() > 1; });
  std::vector<SpacePointer> unused;
  std::move(first, dropped_.end(), std::back_inserter(unused));
  dropped_.erase(first, dropped_.end());
  return unused;
}

bool SpaceList::is_opening_any() const {
  for (const SpacePointer& space : spaces_) {
    if (space->phase == SpaceState::Phase::kOpening) return true;
  }
  return false;
}

void SpaceList::wait_while_opening(const SpaceState& space, MutexLock& lock) {
  while (space.phase == SpaceState::Phase::kOpening) phase_changed_.wait(lock);
}

void SpaceList::wait_while_opening_any(MutexLock& lock) {
  while (is_opening_any()) phase_changed_.wait(lock);
}

void SpaceList::wait_for_phase(MutexLock& lock, std::chrono::milliseconds most) {
  (void)phase_changed_.wait_for(lock, most);
}

}  // namespace vexfs::engine
