// Start, and what others ask. The change of embedders: text_switch.cc.
#include "engine/indexing/text_service.h"

#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include "base/log.h"
#include "engine/indexing/current_text.h"
#include "engine/indexing/text_switch.h"

namespace vexfs::engine {

TextService::TextService(tree::Tree& tree, VectorStorageManager& storage,
                         const EngineOptions& options)
    : tree_(tree),
      storage_(storage),
      options_(options),
      current_(std::make_unique<CurrentText>()),
      switch_(std::make_unique<TextSwitch>(tree, storage, options_, *current_)) {}

TextService::~TextService() {
  const MutexLock life(life_);
  switch_->end();
  up_ = false;
  const CurrentText::Running last = current_->clear();
  if (last.indexer != nullptr) last.indexer->stop();
}

Status TextService::start(bool create) {
  if (up_) return {};
  const MutexLock life(life_);
  return start_locked(create);
}

Status TextService::start_locked(bool create) {
  if (up_) return {};
  const auto began = std::chrono::steady_clock::now();
  const std::optional<store::Space> row = find_space(storage_, kTextSpace);
  if (!row.has_value() && !create) return Status(ENODATA, "no text is indexed here");
  if (row.has_value() && row->filler != store::Filler::kEmbedder) {
    return Status(EEXIST, "a space of the user's is named text");
  }
  Result<EmbedderChoice> read = read_embedder(tree_.root(), kWantedEmbedder);
  const bool counts = read.error() != EPERM;
  if (counts) VEXFS_CHECK_OK(read.status());
  const EmbedderChoice wanted = counts ? std::move(read).value() : EmbedderChoice();
  std::shared_ptr<const text::Embedder> embedder;
  if (row.has_value()) {
    VEXFS_TRY(own, embedder_of(*row, wanted, read_former_embedder(tree_.root())));
    embedder = std::move(own);
  } else {
    VEXFS_TRY(asked, connect_embedder(wanted));
    embedder = std::move(asked);
  }
  VEXFS_TRY(made, CurrentText::run(tree_, storage_, options_, std::move(embedder),
                                   create && !options_.read_only));
  current_->set(std::move(made));
  const auto took = std::chrono::steady_clock::now() - began;
  start_us_ =
      static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  warning_ = counts ? nullptr : read.status().what();
  up_ = true;
  if (counts) return switch_->follow(wanted, nullptr);
  log(LogLevel::kWarning, "the store's embedder is not asked", read.status());
  switch_->stay();
  return {};
}

Status TextService::choose(const EmbedderChoice& choice,
                           std::shared_ptr<const text::Embedder> answered) {
  if (options_.read_only) return Status(EROFS, "the source is open for reading only");
  const MutexLock life(life_);
  VEXFS_CHECK_OK(write_embedder(system_io(), tree_.root(), kWantedEmbedder, choice));
  warning_ = nullptr;
  return up_ ? switch_->follow(choice, std::move(answered)) : start_locked(true);
}

SearchableText TextService::searchable() const { return current_->searchable(); }

void TextService::rescan() {
  if (const auto now = current_->running(); now.indexer != nullptr) now.indexer->rescan();
}

void TextService::hurry() {
  if (const auto now = current_->running(); now.indexer != nullptr) now.indexer->hurry();
  switch_->hurry();
}

Status TextService::sync() { return current_->sync(); }

std::string TextService::embedder_name() const {
  const auto now = current_->running();
  return now.index == nullptr ? std::string() : now.index->embedder()->name();
}

void TextService::report(TextProgress& progress) const {
  const CurrentText::Running now = current_->running();
  progress.indexing = now.index == nullptr || !now.index->complete();
  if (now.indexer != nullptr) {
    const TextIndexer::Progress one = now.indexer->progress();
    progress.scanning = one.scanning;
    progress.pending = one.waiting;
    progress.files_per_second = one.files_per_second;
    progress.seconds_left = one.seconds_left;
    progress.trouble = sentence_of(one.trouble);
  }
  if (const char* const warning = warning_) progress.warning = warning;
  if (auto change = switch_->progress()) progress.change = std::move(*change);
}

void TextService::content_changed(const store::ObjectKey& key) { current_->content_changed(key); }
bool TextService::waits(const store::ObjectKey& key) const { return current_->waits(key); }
uint64_t TextService::generation() const { return current_->generation(); }

}  // namespace vexfs::engine
