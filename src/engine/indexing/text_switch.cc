// The change of embedders: a thread that fills the space beside, and puts it in its place.
#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "engine/indexing/text_service_state.h"

namespace vexfs::engine {
namespace {

constexpr auto kSwitchRetryMin = std::chrono::milliseconds(500);
constexpr auto kSwitchRetryMax = std::chrono::milliseconds(60'000);

}  // namespace

Status TextService::State::follow(const EmbedderChoice& choice,
                                  std::shared_ptr<const text::Embedder> answered) {
  if (options.read_only) return {};
  end_switch();
  const bool moved = choice.has_value() != wanted.has_value() ||
                     (choice.has_value() && embedder_json(*choice) != embedder_json(*wanted));
  wanted = choice;
  const std::optional<store::Space> row = space(kTextSpace);
  if (row.has_value() && fills(wanted, row->parameters.dim, row->embedder)) {
    // The index is by this one. Perhaps by another way to it.
    leave_embedder(false);
    if (space(kNextTextSpace).has_value()) {
      VEXFS_CHECK_OK(storage.drop_space(kNextTextSpace));
    }
    if (moved && answered != nullptr) VEXFS_CHECK_OK(replace(std::move(answered), false));
    remember_embedder();
    return {};
  }
  connected = std::move(answered);
  ending = false;
  leave_embedder(true);
  {
    const std::lock_guard lock(doors);
    changing = true;
    changing_to = name_of(wanted);
    trouble = Status();
  }
  VEXFS_TRY(thread,
            Thread::start({"vexfs-text-swap", limits::kLargeStackBytes}, &run_switch, this));
  switching.emplace(std::move(thread));
  return {};
}

void TextService::State::end_switch() {
  if (!switching.has_value()) return;
  {
    const std::lock_guard lock(doors);
    ending = true;
    if (filler != nullptr) filler->stop_waiting();
    doors_changed.notify_all();
  }
  switching->join();
  switching.reset();
  const std::lock_guard lock(doors);
  changing = false;
}

void TextService::State::leave_embedder(bool leave) {
  const Running one = running();
  if (one.indexer != nullptr) one.indexer->do_without_embedder(leave);
}

void TextService::State::run_switch(void* state) {
  static_cast<State*>(state)->switch_until_done();
}

void TextService::State::switch_until_done() {
  auto retry = kSwitchRetryMin;
  for (;;) {
    const Status status = fill_and_replace();
    std::unique_lock lock(doors);
    if (ending) return;
    trouble = status;
    if (status.ok()) {
      changing = false;
      return;
    }
    log(LogLevel::kWarning, "the change of embedders, trying again", status);
    doors_changed.wait_for(lock, retry, [this] { return ending.load(); });
    if (ending) return;
    retry = std::min(retry * 2, kSwitchRetryMax);
  }
}

// The space beside, of that embedder.
Status TextService::State::prepare_space(const text::Embedder& embedder) {
  const std::optional<store::Space> row = space(kNextTextSpace);
  if (!row.has_value() || row->embedder == embedder.fingerprint()) return {};
  return storage.drop_space(row->name);
}

Status TextService::State::fill_and_replace() {
  std::shared_ptr<const text::Embedder> embedder = connected;
  if (embedder == nullptr) {
    VEXFS_TRY(answered, connect_embedder(wanted));
    embedder = connected = std::move(answered);
  }
  VEXFS_CHECK_OK(prepare_space(*embedder));
  VEXFS_TRY(index, TextIndex::open(tree, storage, embedder, true, kNextTextSpace));
  VEXFS_TRY(started, TextIndexer::start(tree, storage, index, options, TextIndexer::Task::kFill));
  const std::shared_ptr<TextIndexer> fills_it = std::move(started);
  {
    const std::lock_guard lock(doors);
    filler = fills_it;
    trouble = Status();
  }
  const bool filled = fills_it->wait_until_filled(ending);
  fills_it->stop();  // With an image of all words, which the next one takes over.
  Status status(ECANCELED, "the change of embedders was ended");
  if (filled) status = storage.poisoned();
  if (filled && status.ok()) status = replace(embedder, true);
  const std::lock_guard lock(doors);
  filler = nullptr;
  return status;
}

// Files that change while no indexer runs are told to the next one, which looks at all anyhow.
Status TextService::State::replace(std::shared_ptr<const text::Embedder> embedder, bool replaces) {
  Running old;
  {
    const std::lock_guard lock(doors);
    old = now;
    now.indexer = nullptr;
    between = true;
  }
  // Searches go on with the old index up to here.
  if (old.indexer != nullptr) {
    old.indexer->stop(replaces ? TextIndexer::Words::kLeave : TextIndexer::Words::kWrite);
  }
  {
    const std::lock_guard lock(doors);
    replacing = true;
  }
  Status status;
  if (replaces) status = storage.replace_space(kTextSpace);
  const std::optional<store::Space> row = space(kTextSpace);
  const bool is_new = row.has_value() && row->embedder == embedder->fingerprint();
  Result<Running> made = run(is_new ? std::move(embedder) : old.index->embedder(), false);
  if (!made.ok() && status.ok()) status = made.status();
  if (made.ok() && is_new && replaces) remember_embedder();
  {
    const std::lock_guard lock(doors);
    generation_before += old.index->generation() + 1;
    // Without a new one the old one is asked, and says what is wrong.
    now = made.ok() ? std::move(made).value() : Running{old.index, nullptr};
    if (now.indexer != nullptr && !is_new) now.indexer->do_without_embedder(true);
    replacing = between = false;
    doors_changed.notify_all();
  }
  std::vector<store::ObjectKey> keys;
  (void)missed.take(keys);
  const Running next = running();
  for (const store::ObjectKey& key : keys) {
    if (next.indexer != nullptr) next.indexer->content_changed(key);
  }
  return status;
}

}  // namespace vexfs::engine
