// Spaces: making, dropping, opening; what a graph's checkpoint lacks is read from the catalog.
#include <algorithm>

#include "base/log.h"
#include "engine/storage/large_stack.h"
#include "engine/storage/storage_state.h"

namespace vexfs::engine {

using store::Space;
using store::SpaceId;

VectorStorageManager::State::SpacePointer VectorStorageManager::State::find_space(
    std::string_view name) const {
  for (const SpacePointer& space : spaces) {
    if (space->row.name == name) return space;
  }
  return nullptr;
}

VectorStorageManager::State::SpacePointer VectorStorageManager::State::find_space(
    SpaceId id) const {
  for (const SpacePointer& space : spaces) {
    if (space->row.id == id) return space;
  }
  return nullptr;
}

VectorStorageManager::OpenSpace VectorStorageManager::State::handle(const SpacePointer& space) {
  // The pointer keeps the whole space: the rows that its graph reads.
  return {space->row.id, space->row.name, space->row.parameters,
          std::shared_ptr<KnnSearchEngine>(space, space->knn.get())};
}

Result<VectorStorageManager::State::SpacePointer> VectorStorageManager::State::opened(
    std::string_view name) {
  std::unique_lock lock(mutex);
  for (;;) {
    const SpacePointer space = find_space(name);
    if (space == nullptr) return Status(ENODATA, "no such space");
    if (space->phase == SpaceState::Phase::kOpen) return space;
    if (space->phase == SpaceState::Phase::kClosed) {
      space->phase = SpaceState::Phase::kOpening;
      lock.unlock();
      const Status started = on_large_stack([&] { open_now(space); });
      lock.lock();
      if (!started.ok()) {
        space->phase = SpaceState::Phase::kClosed;
        phase_changed.notify_all();
        return started;
      }
    } else {
      phase_changed.wait(lock, [&] { return space->phase != SpaceState::Phase::kOpening; });
    }
    if (space->phase == SpaceState::Phase::kClosed) return space->failure;
  }
}

void VectorStorageManager::State::open_now(const SpacePointer& space) {
  const Clock::time_point start = Clock::now();
  Status status = open_files(*space);
  std::unique_lock lock(mutex);
  if (status.ok()) status = replay(*space);
  space->failure = status;
  if (status.ok()) {
    space->start_us = static_cast<uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count());
    space->phase = SpaceState::Phase::kOpen;
  } else {
    log(LogLevel::kError, "a space cannot be opened", status);
    space->phase = SpaceState::Phase::kClosed;
  }
  std::unique_ptr<KnnSearchEngine> failed_knn;
  if (!status.ok()) failed_knn = std::move(space->knn);
  lock.unlock();
  phase_changed.notify_all();
}

bool VectorStorageManager::State::opens_a_space() const {
  return std::ranges::any_of(spaces, [](const SpacePointer& space) {
    return space->phase == SpaceState::Phase::kOpening;
  });
}

// Nobody else touches a space that is being opened.
Status VectorStorageManager::State::open_files(SpaceState& space) {
  VEXFS_TRY(folder, folder_of(space.row, !options.read_only));
  if (space.vectors == nullptr) {
    VEXFS_TRY(vectors, store::VectorFile::open(io, folder, space.row.parameters));
    space.vectors = std::move(vectors);
  }
  KnnOptions knn;
  knn.parameters = space.row.parameters;
  knn.vectors = space.vectors.get();
  knn.scratches = scratches;
  knn.io = &io;
  knn.directory = std::move(folder);
  knn.read_only = options.read_only;
  knn.build_threads = options.build_threads;
  knn.let_go = [this, id = space.row.id](std::span<const Slot> slots) { let_go(id, slots); };
  knn.make_durable = [this] { return flush(); };
  ChangeNumber last;
  {
    const std::lock_guard lock(mutex);
    last = catalog->last_change();
  }
  VEXFS_TRY(opened, KnnSearchEngine::open(std::move(knn), last));
  space.knn = std::move(opened);
  return {};
}

// What was set since the checkpoint. A start after a crash reads these rows: one that is torn was
// never synced, and its passage goes, with those behind it in its file.
Result<std::vector<store::Passage>> VectorStorageManager::State::set_after(SpaceState& space,
                                                                           ChangeNumber change) {
  std::vector<store::Passage> passages;
  const auto read = [&] {
    passages.clear();
    return catalog->passages_after(space.row.id, change, [&](const store::Passage& passage) {
      passages.push_back(passage);
      return true;
    });
  };
  VEXFS_CHECK_OK(read());
  const auto good = [&](const store::Passage& passage) {
    return was_clean ? space.vectors->contains(passage.slot) : space.vectors->intact(passage.slot);
  };
  const auto torn_from = std::stable_partition(passages.begin(), passages.end(), good);
  const auto torn = static_cast<uint64_t>(passages.end() - torn_from);
  if (torn == 0) return passages;
  log(LogLevel::kError, "vectors are damaged and are dropped", torn);
  if (options.read_only) {
    passages.erase(torn_from, passages.end());
    return passages;
  }
  const std::vector<store::Passage> dropped(torn_from, passages.end());
  for (const store::Passage& passage : dropped) {
    const Result<uint32_t> removed =
        catalog->remove_passages(space.row.id, passage.object, passage.ordinal);
    if (!removed.ok()) return failed(removed.status());
    const Result<bool> marked = catalog->mark_pending(passage.object);
    if (!marked.ok()) return failed(marked.status());
    note_change();
  }
  VEXFS_CHECK_OK(read());
  return passages;
}

Status VectorStorageManager::State::replay(SpaceState& space) {
  const ChangeNumber change = space.knn->checkpoint_change();
  VEXFS_TRY(passages, set_after(space, change));
  std::vector<Slot> set;
  set.reserve(passages.size());
  for (const store::Passage& passage : passages) set.push_back(passage.slot);
  std::vector<Slot> freed;
  VEXFS_CHECK_OK(catalog->freed_after(space.row.id, change, [&](Slot slot, ChangeNumber) {
    freed.push_back(slot);
    return true;
  }));
  VEXFS_TRY(all, catalog->spaces());
  for (const Space& row : all) {
    if (row.id == space.row.id) space.row = row;
  }
  // Free slots that the graph does not have are nobody's; it lets the others go by itself.
  VEXFS_CHECK_OK(catalog->free_slots(space.row.id, [&](Slot slot, ChangeNumber) {
    if (!space.knn->in_graph(slot)) space.freed.let_go(slot, 0);
    return true;
  }));
  space.freed.offer(
      0, [&](Slot slot) { return catalog->offer_slot(space.row.id, slot).error() != ENOSPC; });
  VEXFS_CHECK_OK(space.knn->replay({freed, set, space.row.slots_end}, catalog->last_change()));
  for (const ObjectId object : orphans) {
    VEXFS_CHECK_OK(collect_slots(space, object, old_slots));
    for (const Slot slot : old_slots) space.knn->hide(slot);
  }
  return {};
}

void VectorStorageManager::State::let_go(SpaceId id, std::span<const Slot> slots) {
  decltype(text_events) all_told;
  {
    const std::lock_guard lock(mutex);
    all_told = text_events;
  }
  for (const std::shared_ptr<TextEvents>& told : all_told) {
    if (told != nullptr) told->let_go(id, slots);
  }
  const std::lock_guard lock(mutex);
  const SpacePointer space = find_space(id);
  if (space == nullptr) return;
  for (const Slot slot : slots) space->freed.let_go(slot, catalog->last_change());
  offer_freed();
}

Result<VectorStorageManager::OpenSpace> VectorStorageManager::open_space(std::string_view name) {
  VEXFS_TRY(space, state_->opened(name));
  return State::handle(space);
}

Status VectorStorageManager::create_space(std::string_view name, const SpaceParameters& parameters,
                                          uint64_t embedder) {
  VEXFS_CHECK_OK(embedder == 0 ? store::check_space_name(name) : store::check_stored_name(name));
  VEXFS_CHECK_OK(check_parameters(parameters));
  State& state = *state_;
  // Else a crash could leave both its folder and the mark of a swap.
  if (name.ends_with('~')) VEXFS_CHECK_OK(state.finish_swap());
  {
    const std::lock_guard lock(state.mutex);
    VEXFS_CHECK_OK(state.may_change());
    if (state.find_space(name) != nullptr) return Status(EEXIST, "there is such a space");
    if (state.spaces.size() >= limits::kSpacesMax) return Status(ENOSPC, "spaces of a store");
    // What a crash left of a space of this name.
    VEXFS_CHECK_OK(state.directory.remove_space(name));
    VEXFS_CHECK_OK(state.directory.space(name, true).status());
    Result<Space> row = state.catalog->add_space(
        name, parameters, embedder == 0 ? store::Filler::kUser : store::Filler::kEmbedder,
        embedder);
    if (!row.ok()) return state.failed(row.status());
    auto space = std::make_shared<SpaceState>();
    space->row = std::move(row.value());
    state.spaces.push_back(std::move(space));
    state.note_change();
  }
  return flush();
}

Status VectorStorageManager::drop_space(std::string_view name) {
  State& state = *state_;
  State::SpacePointer space;
  {
    std::unique_lock lock(state.mutex);
    VEXFS_CHECK_OK(state.may_change());
    space = state.find_space(name);
    if (space == nullptr) return Status(ENOENT, "no such space");
    state.phase_changed.wait(lock, [&] { return space->phase != SpaceState::Phase::kOpening; });
    if (!space->current) return Status(ENOENT, "no such space");
    VEXFS_CHECK_OK(state.move_back(*space));
    VEXFS_CHECK_OK(state.failed(state.catalog->remove_space(space->row.id)));
    space->current = false;
    std::erase(state.spaces, space);
    state.dropped_spaces.push_back(space);
    state.note_change();
  }
  if (space->knn != nullptr) space->knn->stop();
  VEXFS_CHECK_OK(flush());
  return state.directory.remove_space(name);
}

std::vector<Space> VectorStorageManager::spaces() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<Space> rows;
  for (const State::SpacePointer& space : state_->spaces) rows.push_back(space->row);
  return rows;
}

}  // namespace vexfs::engine
