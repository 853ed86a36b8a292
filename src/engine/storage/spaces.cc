// Making, dropping, replacing and opening of spaces.
#include "engine/storage/spaces.h"

#include <algorithm>
#include <chrono>

#include "base/limits.h"
#include "base/log.h"
#include "engine/storage/large_stack.h"
#include "engine/storage/space_folder.h"

namespace vexfs::engine {

using store::Space;
using store::SpaceId;
using Clock = std::chrono::steady_clock;

Result<SpacePointer> Spaces::open(std::string_view name) {
  MutexLock lock(store_.mutex());
  for (;;) {
    const SpacePointer space = store_.spaces.find(name);
    if (space == nullptr) return Status(ENODATA, "no such space");
    if (space->phase == SpaceState::Phase::kOpen) return space;
    if (space->phase == SpaceState::Phase::kClosed) {
      space->phase = SpaceState::Phase::kOpening;
      lock.unlock();
      const Status started = on_large_stack([&] { open_now(space); });
      lock.lock();
      if (!started.ok()) {
        space->phase = SpaceState::Phase::kClosed;
        store_.spaces.notify_phase();
        return started;
      }
    } else {
      store_.spaces.wait_while_opening(*space, lock);
    }
    if (space->phase == SpaceState::Phase::kClosed) return space->failure;
  }
}

Result<OpenSpace> Spaces::open_handle(std::string_view name) {
  VEXFS_TRY(space, open(name));
  const MutexLock lock(store_.mutex());
  return OpenSpace{space->row.id, space->row.name, space->row.parameters,
                   std::shared_ptr<KnnSearchEngine>(space, space->knn.get())};
}

void Spaces::open_now(const SpacePointer& space) {
  const Clock::time_point start = Clock::now();
  Status status = open_files(*space);
  std::unique_ptr<KnnSearchEngine> failed_knn;  // It ends without the mutex.
  const MutexLock lock(store_.mutex());
  if (status.ok()) status = replay(*space);
  space->failure = status;
  if (status.ok()) {
    space->start_us = static_cast<uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count());
    space->phase = SpaceState::Phase::kOpen;
  } else {
    log(LogLevel::kError, "a space cannot be opened", status);
    failed_knn = std::move(space->knn);
    space->phase = SpaceState::Phase::kClosed;
  }
  store_.spaces.notify_phase();
}

// Nobody else touches a space that is being opened.
Status Spaces::open_files(SpaceState& space) {
  Space row;
  store::ChangeNumber last;
  {
    const MutexLock lock(store_.mutex());
    row = space.row;
    last = store_.catalog->last_change();
  }
  VEXFS_TRY(folder, folder_of(row, !store_.options.read_only));
  if (space.vectors == nullptr) {
    VEXFS_TRY(vectors, store::VectorFile::open(store_.io, folder, row.parameters, row.slots_end));
    space.vectors = std::move(vectors);
  }
  KnnOptions knn;
  knn.parameters = row.parameters;
  knn.vectors = space.vectors.get();
  knn.scratches = scratches_;
  knn.io = &store_.io;
  knn.directory = std::move(folder);
  knn.read_only = store_.options.read_only;
  knn.build_threads = store_.options.build_threads;
  knn.let_go = [this, id = row.id](std::span<const Slot> slots) { let_go(id, slots); };
  knn.make_durable = [this] { return commit_.flush(); };
  VEXFS_TRY(opened, KnnSearchEngine::open(std::move(knn), last));
  space.knn = std::move(opened);
  return {};
}

// What was set since the checkpoint. A start after a crash reads these rows: one that is torn was
// never synced, and its passage goes, with those behind it in its file.
Result<std::vector<store::Passage>> Spaces::set_after(SpaceState& space,
                                                      store::ChangeNumber change) {
  store::Catalog& catalog = *store_.catalog;
  std::vector<store::Passage> passages;
  const auto read = [&] {
    passages.clear();
    return catalog.passages_after(space.id(), change, [&](const store::Passage& passage) {
      passages.push_back(passage);
      return true;
    });
  };
  VEXFS_CHECK_OK(read());
  const auto good = [&](const store::Passage& passage) {
    return store_.started_clean ? space.vectors->contains(passage.slot)
                                : space.vectors->intact(passage.slot);
  };
  const auto torn_from = std::stable_partition(passages.begin(), passages.end(), good);
  const auto torn = static_cast<uint64_t>(passages.end() - torn_from);
  if (torn == 0) return passages;
  log(LogLevel::kError, "vectors are damaged and are dropped", torn);
  if (store_.options.read_only) {
    passages.erase(torn_from, passages.end());
    return passages;
  }
  const std::vector<store::Passage> dropped(torn_from, passages.end());
  for (const store::Passage& passage : dropped) {
    const Result<uint32_t> removed =
        catalog.remove_passages(space.id(), passage.object, passage.ordinal);
    if (!removed.ok()) return commit_.failed(removed.status());
    const Result<bool> marked = catalog.mark_pending(passage.object);
    if (!marked.ok()) return commit_.failed(marked.status());
    commit_.note_change();
  }
  VEXFS_CHECK_OK(read());
  return passages;
}

Status Spaces::replay(SpaceState& space) {
  store::Catalog& catalog = *store_.catalog;
  const store::ChangeNumber change = space.knn->checkpoint_change();
  VEXFS_TRY(passages, set_after(space, change));
  std::vector<Slot> set;
  set.reserve(passages.size());
  for (const store::Passage& passage : passages) set.push_back(passage.slot);
  std::vector<Slot> freed;
  VEXFS_CHECK_OK(catalog.freed_after(space.id(), change, [&](Slot slot, store::ChangeNumber) {
    freed.push_back(slot);
    return true;
  }));
  VEXFS_TRY(all, catalog.spaces());
  for (const Space& row : all) {
    if (row.id == space.id()) space.row = row;
  }
  // Free slots that the graph does not have are nobody's; it lets the others go by itself.
  VEXFS_CHECK_OK(catalog.free_slots(space.id(), [&](Slot slot, store::ChangeNumber) {
    storage_mutex.assert_held();
    if (!space.knn->in_graph(slot)) space.freed.let_go(slot, 0);
    return true;
  }));
  space.freed.offer(
      0, [&](Slot slot) { return catalog.offer_slot(space.id(), slot).error() != ENOSPC; });
  VEXFS_CHECK_OK(space.knn->replay({freed, set, space.row.slots_end}, catalog.last_change()));
  std::vector<Slot> hidden;
  for (const ObjectId object : orphans_) {
    VEXFS_CHECK_OK(slots_.collect(space, object, hidden));
    for (const Slot slot : hidden) space.knn->hide(slot);
  }
  return {};
}

// The writers' threads call it.
void Spaces::let_go(SpaceId id, std::span<const Slot> slots) {
  TextListeners::All listeners;
  {
    const MutexLock lock(store_.mutex());
    listeners = listeners_.all();
  }
  for (const std::shared_ptr<TextEvents>& one : listeners) {
    if (one != nullptr) one->let_go(id, slots);
  }
  const MutexLock lock(store_.mutex());
  const SpacePointer space = store_.spaces.find(id);
  if (space == nullptr) return;
  for (const Slot slot : slots) space->freed.let_go(slot, store_.catalog->last_change());
  commit_.offer_freed();
}

Status Spaces::create(std::string_view name, const SpaceParameters& parameters, uint64_t embedder) {
  VEXFS_CHECK_OK(embedder == 0 ? store::check_space_name(name) : store::check_stored_name(name));
  VEXFS_CHECK_OK(check_parameters(parameters));
  // Else a crash could leave both its folder and the mark of a replacement.
  if (name.ends_with('~')) VEXFS_CHECK_OK(finish_replace());
  {
    const MutexLock lock(store_.mutex());
    VEXFS_CHECK_OK(commit_.may_change());
    if (store_.spaces.find(name) != nullptr) return Status(EEXIST, "there is such a space");
    if (store_.spaces.size() >= limits::kSpacesMax) return Status(ENOSPC, "spaces of a store");
    // What a crash left of a space of this name.
    VEXFS_CHECK_OK(store_.directory.remove_space(name));
    VEXFS_CHECK_OK(store_.directory.space(name, true).status());
    Result<Space> row = store_.catalog->add_space(
        name, parameters, embedder == 0 ? store::Filler::kUser : store::Filler::kEmbedder,
        embedder);
    if (!row.ok()) return commit_.failed(row.status());
    store_.spaces.add(std::move(row.value()));
    commit_.note_change();
  }
  return commit_.flush();
}

// The documents whose passages are in a space beside another have them in the other too.
Status Spaces::move_back(const SpaceState& space) {
  if (!space.row.name.ends_with('~')) return {};
  const std::string_view name(space.row.name.data(), space.row.name.size() - 1);
  const SpacePointer home = store_.spaces.find(name);
  if (home == nullptr) return {};
  return commit_.failed(store_.catalog->move_documents(space.id(), home->id()));
}

Status Spaces::drop(std::string_view name) {
  SpacePointer space;
  {
    MutexLock lock(store_.mutex());
    VEXFS_CHECK_OK(commit_.may_change());
    space = store_.spaces.find(name);
    if (space == nullptr) return Status(ENOENT, "no such space");
    store_.spaces.wait_while_opening(*space, lock);
    if (!space->current) return Status(ENOENT, "no such space");
    VEXFS_CHECK_OK(move_back(*space));
    VEXFS_CHECK_OK(commit_.failed(store_.catalog->remove_space(space->id())));
    store_.spaces.drop(space);
    commit_.note_change();
  }
  if (space->knn != nullptr) space->knn->stop();
  VEXFS_CHECK_OK(commit_.flush());
  return store_.directory.remove_space(name);
}

Status Spaces::replace(std::string_view name) {
  VEXFS_CHECK_OK(finish_replace());  // Of an earlier one, that failed.
  SpacePointer old;
  {
    MutexLock lock(store_.mutex());
    VEXFS_CHECK_OK(commit_.may_change());
    store_.spaces.wait_while_opening_any(lock);
    const SpacePointer made = store_.spaces.find(beside(name));
    if (made == nullptr) return Status(ENOENT, "no space to take the place");
    old = store_.spaces.find(name);
    store::Catalog& catalog = *store_.catalog;
    if (old != nullptr) VEXFS_CHECK_OK(commit_.failed(catalog.remove_space(old->id())));
    VEXFS_CHECK_OK(commit_.failed(catalog.rename_space(made->id(), name)));
    const auto id = static_cast<int64_t>(made->id());
    VEXFS_CHECK_OK(commit_.failed(catalog.set_mark(kSwapMark, id)));
    made->row.name = name;
    if (old != nullptr) store_.spaces.drop(old);
    commit_.note_change();
  }
  if (old != nullptr && old->knn != nullptr) old->knn->stop();
  return finish_replace();
}

Status Spaces::finish_replace() {
  std::string name;
  {
    const MutexLock lock(store_.mutex());
    VEXFS_TRY(swapped, store_.catalog->mark(kSwapMark, 0));
    if (swapped == 0) return {};
    VEXFS_CHECK_OK(commit_.may_change());
    const SpacePointer space = store_.spaces.find(SpaceId{static_cast<uint32_t>(swapped)});
    if (space != nullptr) name = space->row.name;
  }
  VEXFS_CHECK_OK(commit_.flush());  // The catalog has the new names for certain.
  if (!name.empty()) VEXFS_CHECK_OK(store_.directory.replace_space(beside(name), name));
  {
    const MutexLock lock(store_.mutex());
    VEXFS_CHECK_OK(commit_.may_change());
    VEXFS_CHECK_OK(commit_.failed(store_.catalog->set_mark(kSwapMark, 0)));
    commit_.note_change();
  }
  return commit_.flush();
}

void Spaces::remove_strays() {
  const Result<std::vector<std::string>> folders = store_.directory.space_folders();
  if (!folders.ok()) return;
  const MutexLock lock(store_.mutex());
  for (const std::string& name : folders.value()) {
    if (store_.spaces.find(name) != nullptr) continue;
    const Status status = store_.directory.remove_space(name);
    if (!status.ok()) log(LogLevel::kWarning, "the folder of a dropped space", status);
  }
}

Result<Fd> Spaces::folder_of(const Space& space, bool create) {
  const MutexLock lock(store_.mutex());
  return engine::folder_of(store_.directory, *store_.catalog, space, create);
}

void Spaces::close() {
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(limits::kUnmountSettleMs);
  std::vector<SpacePointer> open;
  {
    const MutexLock lock(store_.mutex());
    for (const SpacePointer& space : store_.spaces) {
      if (space->is_open()) open.push_back(space);
    }
  }
  for (const SpacePointer& space : open) {
    if (store_.options.read_only) break;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    (void)space->knn->settle(static_cast<uint32_t>(std::max<int64_t>(0, left.count())));
    // Without it the next start links again what is in the catalog.
    if (const Status status = space->knn->checkpoint(); !status.ok()) {
      log(LogLevel::kWarning, "checkpoint of a graph at the end", status);
    }
  }
  for (const SpacePointer& space : open) space->knn->stop();
}

void Spaces::forget() {
  const MutexLock lock(store_.mutex());
  (void)store_.spaces.replace({});
}

}  // namespace vexfs::engine
