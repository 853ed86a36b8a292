// The writer thread of KnnSearchEngine: it links and unlinks in batches, lets slots go, writes
// checkpoints and measures recall.
#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <random>

#include "base/log.h"
#include "engine/space/graph_checkpoint.h"
#include "engine/space/knn_state.h"
#include "store/checkpoint.h"

namespace vexfs::engine {
namespace {

constexpr auto kRetryDelay = std::chrono::seconds(1);
// Unlinking looks at the links of every slot, however few it unlinks. So the writer rests for this
// many times as long as the last batch took, or until a batch is full.
constexpr int kUnlinkRest = 19;
constexpr std::chrono::steady_clock::time_point kNever =
    std::chrono::steady_clock::time_point::max();

}  // namespace

KnnSearchEngine::State::Clock::time_point KnnSearchEngine::State::unlink_at() const {
  const bool now = settle_now || unlinks_first > 0 || unlinks.size() >= limits::kLinkBatchSlots;
  return now ? Clock::time_point::min() : unlink_after;
}

KnnSearchEngine::State::Clock::time_point KnnSearchEngine::State::next_work() const {
  if (!unlinks.empty() || pending.any()) {
    const Clock::time_point unlink = unlink_at();
    const size_t waiting = pending.size() + (unlink <= Clock::now() ? unlinks.size() : 0);
    const bool enough = settle_now || waiting >= limits::kLinkTogether || pending.has_backlog();
    const auto delay = std::chrono::milliseconds(limits::kLinkDelayMs);
    const Clock::time_point work = enough ? Clock::time_point::min() : oldest_work + delay;
    return std::max({retry_at, work, pending.any() ? work : unlink});
  }
  if (options.read_only || changes_since_checkpoint == 0) return kNever;
  if (checkpoint_due()) return retry_at;
  return std::max(retry_at, last_change_at + std::chrono::milliseconds(limits::kCheckpointQuietMs));
}

void KnnSearchEngine::State::write_until_stopped() {
  {
    const MutexLock graph_lock(graph_mutex);
    index->warm();
  }
  MutexLock lock(mutex);
  while (!stopping) {
    // note_change() wakes this thread when the first work comes after none.
    if (unlinks.empty() && !pending.any()) oldest_work = kNever;
    const Clock::time_point next = next_work();
    if (next == kNever) {
      wake_writer.wait(lock);
      continue;
    }
    if (next > Clock::now()) {
      wake_writer.wait_until(lock, next);
      continue;
    }
    busy = true;
    oldest_work = kNever;  // Work that comes during the batch has an age of its own.
    const bool idle = unlinks.empty() && !pending.any();
    const bool due = checkpoint_due();
    (void)linkers.set_idle(!settle_now);
    lock.unlock();
    unlink_some();
    link_some();
    if (idle || due) {
      if (const Status status = write_checkpoint(); !status.ok()) {
        retry_later(status);
      } else {
        self_check();
      }
    }
    lock.lock();
    busy = false;
    if (oldest_work == kNever) oldest_work = Clock::now();
    progress.notify_all();
  }
}

void KnnSearchEngine::State::retry_later(Status failure) {
  log(LogLevel::kError, "the graph cannot be written, trying again", failure);
  const MutexLock lock(mutex);
  retry_at = Clock::now() + kRetryDelay;
}

void KnnSearchEngine::State::unlink_some() {
  std::vector<Slot> batch;
  {
    const MutexLock lock(mutex);
    if (unlink_at() > Clock::now()) return;
    const size_t count = std::min<size_t>(unlinks.size(), limits::kLinkBatchSlots);
    batch.reserve(count);
    for (size_t i = 0; i < count; ++i) batch.push_back(unlinks[i].slot);
  }
  if (batch.empty()) return;
  const Clock::time_point begin = Clock::now();
  {
    const MutexLock graph_lock(graph_mutex);
    if (const Status status = index->remove(batch, options.build_threads, &linkers); !status.ok()) {
      retry_later(status);
      return;
    }
  }
  epochs.wait_for_searches();
  std::vector<Slot> free;
  free.reserve(batch.size());
  {
    const MutexLock lock(mutex);
    for (size_t i = 0; i < batch.size(); ++i) {
      if (unlinks.front().let_go) free.push_back(unlinks.front().slot);
      unlinks.pop_front();
    }
    const Clock::time_point end = Clock::now();
    unlink_after = end + kUnlinkRest * (end - begin);
    unlinks_first -= std::min(unlinks_first, batch.size());
  }
  if (options.let_go) options.let_go(free);
}

void KnnSearchEngine::State::link_some() {
  std::vector<Slot> batch(limits::kLinkBatchSlots);
  {
    const MutexLock lock(mutex);
    if (unlinks_first > 0 || !pending.any()) return;
    batch.resize(pending.begin_batch(batch));
  }
  // A batch that failed may have left a part of itself in the graph.
  std::erase_if(batch, [this](Slot slot) { return index->contains(slot); });
  Status status;
  if (!batch.empty()) {
    const MutexLock graph_lock(graph_mutex);
    status = index->add(batch, options.build_threads, &linkers);
  }
  {
    const MutexLock lock(mutex);
    if (status.ok()) {
      pending.finish_batch();
    } else {
      pending.abandon_batch();
    }
    progress.notify_all();
  }
  if (!status.ok()) retry_later(status);
}

ChangeNumber KnnSearchEngine::State::graph_change() const {
  ChangeNumber change = pending.change_before().value_or(last_change);
  if (!unlinks.empty()) change = std::min(change, unlinks.front().change - 1);
  return change;
}

bool KnnSearchEngine::State::checkpoint_due() const {
  if (options.read_only || pending.has_backlog() || Clock::now() < retry_at) return false;
  const uint64_t part = uint64_t{index->size()} * limits::kCheckpointChangedPercent / 100;
  return changes_since_checkpoint >= std::max<uint64_t>(part, limits::kCheckpointChangesMin);
}

Status KnnSearchEngine::State::write_checkpoint() {
  if (options.read_only) return {};
  const MutexLock graph_lock(graph_mutex);
  ChangeNumber change;
  uint64_t changes;
  {
    const MutexLock lock(mutex);
    // A graph with a part in the backlog would be replayed as a whole, so it is not worth writing.
    if (changes_since_checkpoint == 0 || pending.has_backlog()) return {};
    change = graph_change();
    changes = changes_since_checkpoint;
    if (change == checkpoint_change) return {};
  }
  VEXFS_CHECK_OK(options.make_durable());
  const auto list = sections_of(index->sections());
  VEXFS_CHECK_OK(store::write_checkpoint(*options.io, options.directory,
                                         store::CheckpointKind::kGraph, options.parameters, change,
                                         list));
  const MutexLock lock(mutex);
  checkpoint_change = change;
  checkpoint_time = std::time(nullptr);
  changes_since_checkpoint -= changes;
  // What the graph lacks now comes with the next checkpoint.
  changes_since_checkpoint += pending.size() + unlinks.size();
  return {};
}

// Compares the neighbours of stored vectors that a walk finds with those that a scan finds.
void KnnSearchEngine::State::self_check() {
  constexpr uint32_t kNeighbors = 10;
  const uint32_t size = index->size();
  if (size == 0) return;
  const uint32_t samples = std::clamp(limits::kSelfCheckRows / size, 4U, 64U);
  std::vector<float> query(options.parameters.dim);
  std::array<index::Neighbor, kNeighbors> walked;
  std::array<index::Neighbor, kNeighbors> scanned;
  std::mt19937 random(size);
  uint32_t wanted = 0;
  uint32_t hit = 0;
  for (uint32_t tries = 0, done = 0; done < samples && tries < 20 * samples; ++tries) {
    const Slot slot{static_cast<uint32_t>(random() % index->slots_end())};
    {
      const SearchEpochs::Entered entered = epochs.enter();  // The row keeps its meaning.
      if (!index->contains(slot) || !options.vectors->read(slot, query).ok()) continue;
    }
    const index::SearchOptions wish{.k = kNeighbors};
    const Result<Found> exact = search(query.data(), wish, true, scanned);
    const Result<Found> approximate = search(query.data(), wish, false, walked);
    if (!exact.ok() || !approximate.ok() || exact.value().count == 0) return;
    ++done;
    const uint32_t count = exact.value().count;
    const float farthest = scanned[count - 1].distance;
    wanted += count;
    for (uint32_t i = 0; i < std::min(count, approximate.value().count); ++i) {
      if (walked[i].distance <= farthest + 1e-5F * std::abs(farthest)) ++hit;
    }
  }
  if (wanted == 0) return;
  const MutexLock lock(mutex);
  self_check_recall = static_cast<float>(hit) / static_cast<float>(wanted);
}

}  // namespace vexfs::engine
