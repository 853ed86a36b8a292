// A thread that fills the space beside, and puts it in its place.
//
// 1. The filling indexer embeds the documents of `text` into `text~`, and writes a lexical image.
// 2. The indexer in use is stopped; changed files are noted meanwhile. Searches still find `text`.
// 3. The storage gives `text~` the name `text` in one transaction, and the old vectors go.
// 4. A new index and indexer open that space and the image.
// A crash before 3 leaves `text` in use, and the next start goes on with `text~`; a crash after it
// leaves the new index. In both cases a scan finds the files that changed.
#include "engine/indexing/text_switch.h"

#include <utility>

#include "base/limits.h"
#include "base/log.h"

namespace vexfs::engine {

Status TextSwitch::follow(const EmbedderChoice& choice,
                          std::shared_ptr<const text::Embedder> answered) {
  if (options_.read_only) return {};
  end();
  const bool moved = choice.has_value() != wanted_.has_value() ||
                     (choice.has_value() && embedder_json(*choice) != embedder_json(*wanted_));
  wanted_ = choice;
  const std::optional<store::Space> row = find_space(storage_, kTextSpace);
  if (row.has_value() && fills(wanted_, row->parameters.dim, row->embedder)) {
    // The index is by this embedder, which may be reached in another way now.
    leave_embedder(false);
    if (find_space(storage_, kNextTextSpace).has_value()) {
      VEXFS_CHECK_OK(storage_.drop_space(kNextTextSpace));
    }
    if (moved && answered != nullptr) VEXFS_CHECK_OK(replace(std::move(answered), false));
    remember_embedder();
    return {};
  }
  connected_ = std::move(answered);
  ending_ = false;
  leave_embedder(true);
  {
    const MutexLock lock(mutex_);
    changing_ = true;
    changing_to_ = name_of(wanted_);
    trouble_ = Status();
  }
  VEXFS_TRY(thread,
            Thread::start<&TextSwitch::run>({"vexfs-text-swap", limits::kLargeStackBytes}, this));
  thread_.emplace(std::move(thread));
  return {};
}

void TextSwitch::end() {
  if (!thread_.has_value()) return;
  {
    const MutexLock lock(mutex_);
    ending_ = true;
    if (filler_ != nullptr) filler_->stop_waiting();
    ended_.notify_all();
  }
  thread_->join();
  thread_.reset();
  const MutexLock lock(mutex_);
  changing_ = false;
}

void TextSwitch::hurry() {
  std::shared_ptr<TextIndexer> filler;
  {
    const MutexLock lock(mutex_);
    filler = filler_;
  }
  if (filler != nullptr) filler->hurry();
}

std::optional<TextProgress::Switch> TextSwitch::progress() const {
  std::shared_ptr<TextIndexer> filler;
  TextProgress::Switch change;
  {
    const MutexLock lock(mutex_);
    if (!changing_) return std::nullopt;
    filler = filler_;
    change.to = changing_to_;
    change.trouble = sentence_of(trouble_);
  }
  if (filler != nullptr) {
    const TextIndexer::Progress one = filler->progress();
    change.documents = one.moved;
    change.files_per_second = one.files_per_second;
    if (!one.trouble.ok()) change.trouble = sentence_of(one.trouble);
  }
  return change;
}

// Whether the indexer in use is to go on without vectors where its embedder fails.
void TextSwitch::leave_embedder(bool leave) {
  const CurrentText::Running one = current_.running();
  if (one.indexer != nullptr) one.indexer->do_without_embedder(leave);
}

void TextSwitch::run() {
  Backoff backoff = kTextBackoff;
  for (;;) {
    const Status status = fill_and_replace();
    MutexLock lock(mutex_);
    if (ending_) return;
    trouble_ = status;
    if (status.ok()) {
      changing_ = false;
      return;
    }
    log(LogLevel::kWarning, "the change of embedders failed, trying again", status);
    ended_.wait_for(lock, backoff.next(), [this] { return ending_.load(); });
    if (ending_) return;
  }
}

// Drops the space beside if another embedder filled it.
Status TextSwitch::prepare_space(const text::Embedder& embedder) {
  const std::optional<store::Space> row = find_space(storage_, kNextTextSpace);
  if (!row.has_value() || row->embedder == embedder.fingerprint()) return {};
  return storage_.drop_space(row->name);
}

Status TextSwitch::fill_and_replace() {
  std::shared_ptr<const text::Embedder> embedder = connected_;
  if (embedder == nullptr) {
    VEXFS_TRY(answered, connect_embedder(wanted_));
    embedder = connected_ = std::move(answered);
  }
  VEXFS_CHECK_OK(prepare_space(*embedder));
  VEXFS_TRY(index, TextIndex::open(tree_, storage_, embedder, true, kNextTextSpace));
  VEXFS_TRY(started,
            TextIndexer::start(tree_, storage_, index, options_, TextIndexer::Task::kFill));
  const std::shared_ptr<TextIndexer> filler = std::move(started);
  {
    const MutexLock lock(mutex_);
    filler_ = filler;
    trouble_ = Status();
  }
  const bool filled = filler->wait_until_filled(ending_);
  filler->stop();  // Writes an image of all words, which the next indexer takes over.
  Status status(ECANCELED, "the change of embedders was ended");
  if (filled) status = storage_.poisoned();
  if (filled && status.ok()) status = replace(embedder, true);
  const MutexLock lock(mutex_);
  filler_ = nullptr;
  return status;
}

// Puts an index by that embedder in the place of the one in use; `replaces_space`: with the space
// `text~` as its space, else with the same space. If that fails the old space is opened again.
Status TextSwitch::replace(std::shared_ptr<const text::Embedder> embedder, bool replaces_space) {
  const CurrentText::Running old = current_.begin_exchange();
  if (old.indexer != nullptr) {
    old.indexer->stop(replaces_space ? TextIndexer::Words::kLeave : TextIndexer::Words::kWrite);
  }
  current_.begin_replacing();
  Status status;
  if (replaces_space) status = storage_.replace_space(kTextSpace);
  const std::optional<store::Space> row = find_space(storage_, kTextSpace);
  const bool is_new = row.has_value() && row->embedder == embedder->fingerprint();
  Result<CurrentText::Running> made = CurrentText::run(
      tree_, storage_, options_, is_new ? std::move(embedder) : old.index->embedder(), false);
  if (!made.ok() && status.ok()) status = made.status();
  if (made.ok() && is_new && replaces_space) remember_embedder();
  if (made.ok() && !is_new) made.value().indexer->do_without_embedder(true);
  // Without a new index the old one is asked, and says what is wrong.
  current_.end_exchange(made.ok() ? std::move(made).value()
                                  : CurrentText::Running{old.index, nullptr});
  return status;
}

// Notes the embedder of the space, so that it can still be asked when another one is wanted.
void TextSwitch::remember_embedder() {
  const std::optional<store::Space> row = find_space(storage_, kTextSpace);
  if (options_.read_only || !row.has_value()) return;
  if (!fills(wanted_, row->parameters.dim, row->embedder)) return;
  const EmbedderChoice before = read_former_embedder(tree_.root());
  const auto text_of = [](const EmbedderChoice& choice) {
    return choice.has_value() ? embedder_json(*choice) : std::string();
  };
  if (text_of(before) == text_of(wanted_)) return;
  const Status status = write_embedder(system_io(), tree_.root(), kFormerEmbedder, wanted_);
  if (!status.ok()) log(LogLevel::kWarning, "the embedder's note cannot be written", status);
}

}  // namespace vexfs::engine
