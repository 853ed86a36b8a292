// Start, stop, and what others ask.
#include "engine/indexing/text_indexer.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <thread>

#include "base/limits.h"
#include "base/log.h"
#include "engine/indexing/text_indexer_state.h"

namespace vexfs::engine {

TextIndexer::TextIndexer(std::shared_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<TextIndexer>> TextIndexer::start(tree::Tree& tree,
                                                        VectorStorageManager& storage,
                                                        std::shared_ptr<TextIndex> index,
                                                        const EngineOptions& options, Task task) {
  auto state = std::make_shared<State>(tree, storage, std::move(index), options, task);
  std::unique_ptr<TextIndexer> indexer(new TextIndexer(state));
  VEXFS_CHECK_OK(state->start());  // What was started ends with the indexer.
  return indexer;
}

TextIndexer::~TextIndexer() { stop(); }

void TextIndexer::stop(Words words) {
  if (state_->stopping) return;
  state_->leaves_words = words == Words::kLeave;
  state_->stop();
}

Status TextIndexer::State::start() {
  work = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!work.valid()) return errno_status("eventfd");
  busy_since = Clock::now();
  storage.tell(shared_from_this());
  VEXFS_TRY(lacking, index->load_words());
  lacking_words = std::move(lacking);
  VEXFS_TRY(kept, Thread::start({"vexfs-text-keep", limits::kLargeStackBytes}, &run_keeper, this));
  keeper.emplace(std::move(kept));
  VEXFS_TRY(scans,
            Thread::start({"vexfs-text-scan", limits::kLargeStackBytes}, &run_scanner, this));
  scanner.emplace(std::move(scans));
  const unsigned cpus = std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < std::min(cpus, limits::kTextWorkersMax); ++i) {
    VEXFS_TRY(works,
              Thread::start({"vexfs-text-read", limits::kLargeStackBytes}, &run_worker, this));
    workers.push_back(std::move(works));
  }
  return {};
}

void TextIndexer::State::stop() {
  stopping = true;
  idlers.set_idle(false);
  extractor.stop();
  queue.stop();
  ready.stop();
  {
    const std::lock_guard lock(mutex);
    progressed.notify_all();
  }
  if (scanner.has_value()) scanner->join();
  for (Thread& worker : workers) worker.join();
  wake();
  if (keeper.has_value()) keeper->join();
  storage.tell_no_more(this);
  scanner.reset();
  workers.clear();
  keeper.reset();
}

void TextIndexer::State::wake() {
  // Full only when nobody drained it for ever: then it is readable anyhow.
  [[maybe_unused]] const int written = ::eventfd_write(work.get(), 1);
}

void TextIndexer::State::stop_for(Status why) {
  log(LogLevel::kError, "text is indexed no more", why);
  const std::lock_guard lock(mutex);
  trouble = why;
  progressed.notify_all();
}

// Under mutex.
bool TextIndexer::State::is_idle() const {
  return keeper_idle && !scanning && !words_lacking && queue.size() == 0 && changed.empty() &&
         ready.empty();
}

void TextIndexer::State::renamed(store::ObjectId object) {
  if (fills) return;  // The other one takes the document back.
  {
    const std::lock_guard lock(mutex);
    if (renamed_objects.size() < limits::kChangedKeysMax) {
      renamed_objects.push_back(object);
    } else {
      renamed_overrun = true;
    }
    if (renamed_objects.size() > 1) return;
  }
  wake();
}

void TextIndexer::State::let_go(store::SpaceId space, std::span<const Slot> slots) {
  if (space == index->space().id) index->forget_words(slots);
}

void TextIndexer::content_changed(const store::ObjectKey& key) {
  if (state_->options.read_only) return;
  const bool first = state_->changed.push(key);
  state_->index->set_complete(false);
  if (first) state_->wake();
}

bool TextIndexer::waits(const store::ObjectKey& key) const {
  return state_->changed.contains(key) || state_->queue.in_hand(key);
}

void TextIndexer::rescan() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->scan_wanted = true;
    state_->scanning = true;
    state_->progressed.notify_all();
  }
  state_->wake();
}

Status TextIndexer::sync() {
  State& state = *state_;
  if (state.stopping) return Status(EAGAIN, "the index is closing");
  if (state.waiting.fetch_add(1) == 0) state.idlers.set_idle(false);
  state.hurry_linking();
  {
    std::unique_lock lock(state.mutex);
    state.keeper_idle = false;  // It says so again once it has looked.
    state.wake();
    const auto done = [&] {
      return state.stopping || !state.trouble.ok() || (state.is_idle() && state.index->complete());
    };
    while (!state.progressed.wait_for(lock, IdleThreads::kHurry / 2, done)) {
      lock.unlock();
      state.hurry_linking();
      lock.lock();
    }
    state.waiting.fetch_sub(1);
    state.wake();  // Its threads may idle again.
    if (!state.is_idle()) {
      return state.trouble.ok() ? Status(EAGAIN, "the index is closing") : state.trouble;
    }
  }
  return state.storage.flush();
}

void TextIndexer::do_without_embedder(bool without) { state_->leaving = without; }

void TextIndexer::hurry() {
  state_->idlers.hurry();
  state_->hurry_linking();
  state_->wake();
}

// Where too many vectors wait to be linked, nothing more is put.
void TextIndexer::State::hurry_linking() { index->space().knn->hurry(); }

TextIndexer::Progress TextIndexer::progress() const {
  const State& state = *state_;
  Progress progress;
  const std::lock_guard lock(state.mutex);
  progress.scanning = state.scanning;
  progress.waiting = state.queue.size() + state.files_left;
  progress.trouble = state.trouble;
  progress.moved = state.moved_before + state.moved;
  if (state.is_idle()) return progress;
  const std::chrono::duration<float> busy = State::Clock::now() - state.busy_since;
  const auto done = static_cast<float>(state.finished - state.finished_before);
  if (busy.count() < 0.05F || done == 0) return progress;
  progress.files_per_second = done / busy.count();
  progress.seconds_left = static_cast<float>(progress.waiting) / progress.files_per_second;
  return progress;
}

}  // namespace vexfs::engine
