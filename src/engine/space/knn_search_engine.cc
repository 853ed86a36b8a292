// KnnSearchEngine: opening, replay, additions and removals, and searches. Its writer thread is in
// knn_writer.cc.
#include "engine/space/knn_search_engine.h"

#include <algorithm>

#include "base/log.h"
#include "engine/space/graph_checkpoint.h"
#include "engine/space/knn_state.h"
#include "engine/space/merge_nearest.h"
#include "store/checkpoint.h"

namespace vexfs::engine {
namespace {

constexpr auto kRoomWait = std::chrono::milliseconds(200);

Result<std::unique_ptr<index::HnswIndex>> open_index(KnnOptions& options, ChangeNumber last_change,
                                                     ChangeNumber& change, int64_t& time) {
  Result<store::MappedCheckpoint> mapped = store::map_newest_checkpoint(
      *options.io, options.directory, store::CheckpointKind::kGraph, options.parameters);
  if (mapped.ok() && mapped.value().last_change <= last_change) {
    change = mapped.value().last_change;
    time = mapped.value().written_at;
    Result<index::GraphImage> image = image_of(std::move(mapped.value()));
    if (image.ok()) {
      Result<std::unique_ptr<index::HnswIndex>> index = index::HnswIndex::open(
          options.parameters, options.vectors->rows(), std::move(image.value()));
      if (index.ok()) return index;
      log(LogLevel::kWarning, "a checkpoint cannot be used, its graph is built anew",
          index.status());
    } else {
      log(LogLevel::kWarning, "a checkpoint cannot be used, its graph is built anew",
          image.status());
    }
  } else if (mapped.ok()) {
    log(LogLevel::kWarning, "a checkpoint is newer than the catalog, its graph is built anew");
    if (mapped.value().release) mapped.value().release();
  } else if (mapped.error() != ENOENT) {
    log(LogLevel::kWarning, "no checkpoint can be read, the graph is built anew", mapped.status());
  }
  change = 0;
  time = 0;
  return index::HnswIndex::create(options.parameters, options.vectors->rows());
}

void add_work(index::SearchWork& sum, const index::SearchWork& work) {
  sum.distances += work.distances;
  sum.hops += work.hops;
  sum.refinements += work.refinements;
}

}  // namespace

KnnSearchEngine::KnnSearchEngine(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<KnnSearchEngine>> KnnSearchEngine::open(KnnOptions options,
                                                               ChangeNumber last_change) {
  ChangeNumber change = 0;
  int64_t time = 0;
  VEXFS_TRY(index, open_index(options, last_change, change, time));
  auto state = std::make_unique<State>(std::move(options), std::move(index), change, time);
  return std::unique_ptr<KnnSearchEngine>(new KnnSearchEngine(std::move(state)));
}

KnnSearchEngine::~KnnSearchEngine() { stop(); }

ChangeNumber KnnSearchEngine::checkpoint_change() const {
  const MutexLock lock(state_->mutex);
  return state_->checkpoint_change;
}

bool KnnSearchEngine::in_graph(Slot slot) const { return state_->index->contains(slot); }

Status KnnSearchEngine::replay(const Replay& replay, ChangeNumber last_change) {
  State& state = *state_;
  {
    const MutexLock lock(state.mutex);
    const ChangeNumber change = state.checkpoint_change + 1;  // A checkpoint before it holds all.
    const auto unlink = [&](Slot slot, bool let_go) REQUIRES(state.mutex) {
      if (!state.index->contains(slot)) return;
      state.index->hide(slot);
      state.unlinks.push_back({slot, change, let_go});
    };
    for (const Slot slot : replay.freed) unlink(slot, true);
    for (uint32_t past = replay.slots_end; past < state.index->slots_end(); ++past) {
      unlink(Slot{past}, true);
    }
    // In the graph the slot may have belonged to another passage, and be linked where that was.
    for (const Slot slot : replay.set) unlink(slot, false);
    state.unlinks_first = state.unlinks.size();
    if (replay.set.size() <= limits::kPendingSlotsMax) {
      for (const Slot slot : replay.set) state.pending.push(slot, change);
    } else {
      state.pending.set_backlog({replay.set.begin(), replay.set.end()});
    }
    state.last_change = last_change;
    state.changes_since_checkpoint = state.unlinks.size() + replay.set.size();
    state.oldest_work = State::Clock::now();  // If there is any.
  }
  VEXFS_TRY(writer, Thread::start<&State::write_until_stopped>(
                        {"vexfs-link", limits::kLargeStackBytes}, &state));
  const MutexLock stop_lock(state.stop_mutex);
  state.writer.emplace(std::move(writer));
  return {};
}

bool KnnSearchEngine::has_room(uint32_t slots) const {
  const MutexLock lock(state_->mutex);
  return state_->pending.room() >= slots;
}

void KnnSearchEngine::wait_for_room(uint32_t slots) {
  const State::Clock::time_point end = State::Clock::now() + kRoomWait;
  MutexLock lock(state_->mutex);
  while (!state_->stopping && state_->pending.room() < slots) {
    if (state_->progress.wait_until(lock, end) == std::cv_status::timeout) return;
  }
}

void KnnSearchEngine::hurry() { state_->linkers.hurry(); }

void KnnSearchEngine::State::note_change(ChangeNumber change) {
  last_change = std::max(last_change, change);
  last_change_at = Clock::now();
  ++changes_since_checkpoint;
  const bool was_idle = oldest_work == Clock::time_point::max();
  if (was_idle) oldest_work = last_change_at;
  // The writer is woken by the first work, by enough of it, and by a full batch.
  if (was_idle || unlinks.size() + pending.size() == limits::kLinkTogether ||
      unlinks.size() == limits::kLinkBatchSlots) {
    wake_writer.notify_one();
  }
}

void KnnSearchEngine::added(Slot slot, ChangeNumber change) {
  const MutexLock lock(state_->mutex);
  state_->pending.push(slot, change);
  state_->note_change(change);
}

void KnnSearchEngine::removed(Slot slot, ChangeNumber change) {
  const MutexLock lock(state_->mutex);
  const PendingSlots::Taken taken = state_->pending.remove(slot);
  if (taken.place != PendingSlots::Place::kWaiting || state_->index->contains(slot)) {
    state_->index->hide(slot);
  } else if (taken.hidden) {
    state_->index->unhide(slot);  // It never comes into the graph, so it leaves no mark there.
  }
  state_->unlinks.push_back({slot, change, true});
  state_->note_change(change);
}

void KnnSearchEngine::hide(Slot slot) {
  const MutexLock lock(state_->mutex);
  state_->pending.set_hidden(slot, true);
  state_->index->hide(slot);  // The mark stays even where the slot is not linked yet.
}

void KnnSearchEngine::unhide(Slot slot) {
  const MutexLock lock(state_->mutex);
  state_->pending.set_hidden(slot, false);
  state_->index->unhide(slot);
}

SearchEpochs::Entered KnnSearchEngine::hold() const { return state_->epochs.enter(); }

Result<KnnSearchEngine::Found> KnnSearchEngine::search(const float* query,
                                                       const index::SearchOptions& options,
                                                       bool exact,
                                                       std::span<index::Neighbor> out) const {
  return state_->search(query, options, exact, out);
}

Result<KnnSearchEngine::Found> KnnSearchEngine::State::search(
    const float* query, const index::SearchOptions& given, bool exact,
    std::span<index::Neighbor> out) const {
  if (given.k == 0 || given.k > limits::kNeighborsMax || out.size() < given.k) {
    return Status(EINVAL, "number of neighbours");
  }
  index::SearchOptions wanted = given;
  if (wanted.ef == 0) wanted.ef = options.parameters.ef_search;
  VEXFS_TRY(memory, options.scratches->lease());
  const SearchEpochs::Entered entered = epochs.enter();
  searches.fetch_add(1, std::memory_order_relaxed);
  const index::HnswIndex& graph = *index;
  const PendingSlots& waiting = pending_to_copy();
  Found found;

  // Pending slots are scanned first: they move into the graph, never back.
  std::span<index::Neighbor> nearest(memory->scanned.get(), 0);
  std::span<index::Neighbor> spare(memory->merged.get(), wanted.k);
  const auto scan = [&](size_t slots) -> Status {
    index::SearchWork work;
    VEXFS_TRY(count,
              graph.search_slots(query, {memory->slots.get(), slots}, wanted, memory->scratch,
                                 {memory->candidates.get(), wanted.k}, work));
    add_work(found.work, work);
    const uint32_t merged =
        merge_nearest(nearest, {memory->candidates.get(), count}, spare.first(wanted.k));
    const std::span<index::Neighbor> free(nearest.data(), wanted.k);
    nearest = {spare.data(), merged};
    spare = free;
    return {};
  };
  const std::span<Slot> slots(memory->slots.get(), limits::kPendingSlotsMax);
  if (const size_t count = waiting.copy(slots); count > 0) VEXFS_CHECK_OK(scan(count));
  size_t position = 0;
  while (const size_t count = waiting.copy_backlog(position, slots)) {
    VEXFS_CHECK_OK(scan(count));
  }

  index::SearchWork work;
  const std::span<index::Neighbor> walked =
      nearest.empty() ? out.first(wanted.k) : std::span(memory->candidates.get(), wanted.k);
  VEXFS_TRY(count, exact ? graph.search_exact(query, wanted, memory->scratch, walked, work)
                         : graph.search(query, wanted, memory->scratch, walked, work));
  found.count =
      nearest.empty() ? count : merge_nearest(nearest, walked.first(count), out.first(wanted.k));
  add_work(work, found.work);
  found.work = work;
  VEXFS_CHECK_OK(readable());
  return found;
}

Status KnnSearchEngine::State::readable() const {
  Status status = options.vectors->readable();
  if (status.ok()) status = index->readable();
  if (!status.ok() && !unreadable.exchange(true, std::memory_order_relaxed)) {
    log(LogLevel::kError, "searches of a space fail until the next mount", status);
  }
  return status;
}

Status KnnSearchEngine::distances(const float* query, std::span<const Slot> slots,
                                  std::span<float> out) const {
  VEXFS_TRY(memory, state_->options.scratches->lease());
  state_->index->distances(query, slots, memory->scratch, out);
  return state_->readable();
}

bool KnnSearchEngine::settle(uint32_t wait_ms_max) {
  State& state = *state_;
  const auto end = State::Clock::now() + std::chrono::milliseconds(wait_ms_max);
  MutexLock lock(state.mutex);
  state.settle_now = true;
  state.linkers.set_idle(false);
  state.wake_writer.notify_one();
  while (!state.settled() && state.progress.wait_until(lock, end) == std::cv_status::no_timeout) {
  }
  state.settle_now = false;
  return state.settled();
}

Status KnnSearchEngine::checkpoint() { return state_->write_checkpoint(); }

void KnnSearchEngine::self_check() { state_->self_check(); }

void KnnSearchEngine::stop() {
  const MutexLock stop_lock(state_->stop_mutex);
  {
    const MutexLock lock(state_->mutex);
    state_->stopping = true;
    state_->linkers.set_idle(false);
  }
  state_->wake_writer.notify_all();
  state_->progress.notify_all();
  if (state_->writer.has_value()) state_->writer->join();
  state_->writer.reset();
}

KnnSearchEngine::Statistics KnnSearchEngine::statistics() const {
  const MutexLock lock(state_->mutex);
  Statistics statistics;
  statistics.pending = state_->pending.size();
  statistics.linked = state_->index->size();
  statistics.unlinking = static_cast<uint32_t>(state_->unlinks.size());
  statistics.resident_bytes = state_->index->resident_bytes();
  statistics.checkpoint = state_->checkpoint_change;
  statistics.checkpoint_time = state_->checkpoint_time;
  statistics.self_check_recall = state_->self_check_recall;
  statistics.searches = state_->searches.load(std::memory_order_relaxed);
  return statistics;
}

}  // namespace vexfs::engine
