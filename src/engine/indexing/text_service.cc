// Start, and what others ask. The change of embedders: text_switch.cc.
#include "engine/indexing/text_service.h"

#include <chrono>
#include <utility>

#include "base/log.h"
#include "engine/indexing/text_service_state.h"

namespace vexfs::engine {

TextService::TextService(tree::Tree& tree, VectorStorageManager& storage,
                         const EngineOptions& options)
    : state_(std::make_unique<State>(tree, storage, options)) {}

TextService::~TextService() {
  const std::lock_guard life(state_->life);
  state_->end_switch();
  state_->up = false;
  State::Running last;
  {
    const std::lock_guard lock(state_->doors);
    std::swap(last, state_->now);
  }
  if (last.indexer != nullptr) last.indexer->stop();
}

std::optional<store::Space> TextService::State::space(std::string_view name) const {
  for (store::Space& row : storage.spaces()) {
    if (row.name == name) return std::move(row);
  }
  return std::nullopt;
}

TextService::State::Running TextService::State::running() const {
  const std::lock_guard lock(doors);
  return now;
}

// It only helps to answer while another one is coming.
EmbedderChoice TextService::State::former() const {
  auto read = read_embedder(tree.root(), kFormerEmbedder);
  return read.ok() ? std::move(read).value() : EmbedderChoice();
}

void TextService::State::remember_embedder() {
  const std::optional<store::Space> row = space(kTextSpace);
  if (options.read_only || !row.has_value()) return;
  if (!fills(wanted, row->parameters.dim, row->embedder)) return;
  const EmbedderChoice before = former();
  const auto text_of = [](const EmbedderChoice& choice) {
    return choice.has_value() ? embedder_json(*choice) : std::string();
  };
  if (text_of(before) == text_of(wanted)) return;
  const Status status = write_embedder(system_io(), tree.root(), kFormerEmbedder, wanted);
  if (!status.ok()) log(LogLevel::kWarning, "the embedder's note cannot be written", status);
}

Result<TextService::State::Running> TextService::State::run(
    std::shared_ptr<const text::Embedder> embedder, bool create) {
  Running made;
  VEXFS_TRY(index, TextIndex::open(tree, storage, std::move(embedder), create));
  made.index = std::move(index);
  VEXFS_TRY(indexer, TextIndexer::start(tree, storage, made.index, options));
  made.indexer = std::move(indexer);
  return made;
}

Status TextService::State::start(bool create) {
  if (up) return {};
  const auto began = std::chrono::steady_clock::now();
  const std::optional<store::Space> row = space(kTextSpace);
  if (!row.has_value() && !create) return Status(ENODATA, "no text is indexed here");
  if (row.has_value() && row->filler != store::Filler::kEmbedder) {
    return Status(EEXIST, "a space of the user's is named text");
  }
  VEXFS_TRY(choice, read_embedder(tree.root(), kWantedEmbedder));
  wanted = std::move(choice);
  std::shared_ptr<const text::Embedder> embedder;
  if (row.has_value()) {
    VEXFS_TRY(own, embedder_of(*row, wanted, former()));
    embedder = std::move(own);
  } else {
    VEXFS_TRY(asked, connect_embedder(wanted));
    embedder = std::move(asked);
  }
  VEXFS_TRY(made, run(std::move(embedder), create && !options.read_only));
  {
    const std::lock_guard lock(doors);
    now = std::move(made);
  }
  const auto took = std::chrono::steady_clock::now() - began;
  start_us =
      static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  up = true;
  return follow(wanted, nullptr);
}

Status TextService::start(bool create) {
  if (state_->up) return {};
  const std::lock_guard life(state_->life);
  return state_->start(create);
}

bool TextService::is_up() const { return state_->up; }
uint32_t TextService::start_us() const { return state_->start_us; }

Status TextService::choose(const EmbedderChoice& choice,
                           std::shared_ptr<const text::Embedder> answered) {
  State& state = *state_;
  if (state.options.read_only) return Status(EROFS, "the source is open for reading only");
  const std::lock_guard life(state.life);
  VEXFS_CHECK_OK(write_embedder(system_io(), state.tree.root(), kWantedEmbedder, choice));
  return state.up ? state.follow(choice, std::move(answered)) : state.start(true);
}

SearchableText TextService::searchable() const {
  std::shared_ptr<TextIndex> index;
  SearchableText made;
  {
    std::unique_lock lock(state_->doors);
    state_->doors_changed.wait(lock, [this] { return !state_->replacing; });
    index = state_->now.index;
    made.generation = state_->generation_before + index->generation();
  }
  made.space = index->space();
  made.embedder = index->embedder().get();
  made.lexical = &index->lexical();
  made.complete = index->complete();
  made.read_text = [of = index.get()](const store::ObjectKey& file, const store::Passage& passage,
                                      size_t most, std::string& out) {
    return of->read_text(file, passage, most, out);
  };
  made.keeper = std::move(index);
  return made;
}

void TextService::rescan() {
  if (const auto now = state_->running(); now.indexer != nullptr) now.indexer->rescan();
}

void TextService::hurry() {
  std::shared_ptr<TextIndexer> indexer;
  std::shared_ptr<TextIndexer> filler;
  {
    const std::lock_guard lock(state_->doors);
    indexer = state_->now.indexer;
    filler = state_->filler;
  }
  if (indexer != nullptr) indexer->hurry();
  if (filler != nullptr) filler->hurry();
}

// An indexer that is replaced meanwhile answers that it ends: the next one is waited for.
Status TextService::sync() {
  for (;;) {
    std::shared_ptr<TextIndexer> indexer;
    {
      std::unique_lock lock(state_->doors);
      state_->doors_changed.wait(lock, [this] { return !state_->between; });
      indexer = state_->now.indexer;
    }
    if (indexer == nullptr) return Status(EAGAIN, "the index is closing");
    const Status status = indexer->sync();
    if (status.ok() || state_->running().indexer == indexer) return status;
  }
}

std::string TextService::embedder_name() const {
  const auto now = state_->running();
  return now.index == nullptr ? std::string() : now.index->embedder()->name();
}

void TextService::report(TextProgress& progress) const {
  std::shared_ptr<TextIndexer> filler;
  State::Running now;
  bool changing = false;
  TextProgress::Switch change;
  {
    const std::lock_guard lock(state_->doors);
    now = state_->now;
    filler = state_->filler;
    changing = state_->changing;
    change.to = state_->changing_to;
    change.trouble = state_->trouble;
  }
  progress.indexing = now.index == nullptr || !now.index->complete();
  if (now.indexer != nullptr) {
    const TextIndexer::Progress one = now.indexer->progress();
    progress.scanning = one.scanning;
    progress.pending = one.waiting;
    progress.files_per_second = one.files_per_second;
    progress.seconds_left = one.seconds_left;
    progress.trouble = one.trouble;
  }
  if (!changing) return;
  if (filler != nullptr) {
    const TextIndexer::Progress one = filler->progress();
    change.documents = one.moved;
    change.files_per_second = one.files_per_second;
    if (!one.trouble.ok()) change.trouble = one.trouble;
  }
  progress.change = change;
}

void TextService::content_changed(const store::ObjectKey& key) {
  State& state = *state_;
  const std::lock_guard lock(state.doors);
  if (state.now.indexer != nullptr) {
    state.now.indexer->content_changed(key);
  } else {
    state.missed.push(key);
  }
}

bool TextService::waits(const store::ObjectKey& key) const {
  const std::lock_guard lock(state_->doors);
  return state_->missed.contains(key) ||
         (state_->now.indexer != nullptr && state_->now.indexer->waits(key));
}

uint64_t TextService::generation() const {
  const std::lock_guard lock(state_->doors);
  const uint64_t of_index = state_->now.index == nullptr ? 0 : state_->now.index->generation();
  return state_->generation_before + of_index;
}

}  // namespace vexfs::engine
