// The threads of an indexer: their start, their end, and what is asked of them.
#include "engine/indexing/text_indexer.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/limits.h"

namespace vexfs::engine {

TextIndexer::TextIndexer(tree::Tree& tree, VectorStorageManager& storage,
                         std::shared_ptr<TextIndex> index, const EngineOptions& options, Task task)
    : work_(std::make_shared<TextWork>(tree, storage, std::move(index), options,
                                       task == Task::kFill)),
      extractor_(text::Extractor::find_program()),
      filler_(task == Task::kFill ? std::make_optional<TextFiller>(*work_) : std::nullopt),
      keeper_(*work_, filler_.has_value() ? &*filler_ : nullptr) {}

Result<std::unique_ptr<TextIndexer>> TextIndexer::start(tree::Tree& tree,
                                                        VectorStorageManager& storage,
                                                        std::shared_ptr<TextIndex> index,
                                                        const EngineOptions& options, Task task) {
  std::unique_ptr<TextIndexer> indexer(
      new TextIndexer(tree, storage, std::move(index), options, task));
  VEXFS_CHECK_OK(indexer->start_threads());  // Threads that did start end with the indexer.
  return indexer;
}

TextIndexer::~TextIndexer() { stop(); }

Status TextIndexer::start_threads() {
  VEXFS_CHECK_OK(work_->prepare());
  // Before the words are loaded, so that no rename and no freed slot goes unnoticed.
  work_->storage.tell(work_);
  VEXFS_TRY(lacking, work_->index->words().load());
  scanner_.emplace(*work_, std::move(lacking));
  VEXFS_TRY(keeps, Thread::start<&TextKeeper::run>({"vexfs-text-keep", limits::kLargeStackBytes},
                                                   &keeper_));
  keeper_thread_.emplace(std::move(keeps));
  VEXFS_TRY(finds, Thread::start<&TextIndexer::find_files>(
                       {"vexfs-text-scan", limits::kLargeStackBytes}, this));
  finder_thread_.emplace(std::move(finds));
  const unsigned cpus = std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < std::min(cpus, limits::kTextWorkersMax); ++i) {
    workers_.push_back(std::make_unique<TextWorker>(*work_, extractor_));
    VEXFS_TRY(works, Thread::start<&TextWorker::run>({"vexfs-text-read", limits::kLargeStackBytes},
                                                     workers_.back().get()));
    worker_threads_.push_back(std::move(works));
  }
  return {};
}

void TextIndexer::find_files() {
  scanner_->queue_lacking_words();
  if (filler_.has_value()) {
    filler_->run();
  } else {
    scanner_->run();
  }
}

void TextIndexer::stop(Words words) {
  if (work_->stopping()) return;
  if (words == Words::kLeave) keeper_.leave_words();
  work_->stop();
  extractor_.stop();
  if (finder_thread_.has_value()) finder_thread_->join();
  for (Thread& worker : worker_threads_) worker.join();
  // The keeper ends last, since the others hand over to it.
  work_->wake_keeper();
  if (keeper_thread_.has_value()) keeper_thread_->join();
  work_->storage.tell_no_more(work_.get());
  finder_thread_.reset();
  worker_threads_.clear();
  keeper_thread_.reset();
}

void TextIndexer::content_changed(const store::ObjectKey& key) {
  if (work_->options.read_only) return;
  const bool first = work_->changed.push(key);
  work_->index->set_complete(false);
  if (first) work_->wake_keeper();
}

bool TextIndexer::waits(const store::ObjectKey& key) const {
  return work_->changed.contains(key) || work_->queue.in_hand(key);
}

void TextIndexer::rescan() {
  work_->request_scan();
  work_->wake_keeper();
}

Status TextIndexer::sync() {
  VEXFS_CHECK_OK(work_->wait_until_idle());
  return work_->storage.flush();
}

void TextIndexer::hurry() { work_->hurry(); }

void TextIndexer::do_without_embedder(bool without) { work_->leaving = without; }

bool TextIndexer::wait_until_filled(const std::atomic<bool>& until) {
  return filler_.has_value() && filler_->wait_until_filled(until);
}

void TextIndexer::stop_waiting() {
  if (filler_.has_value()) filler_->look_again();
}

TextIndexer::Progress TextIndexer::progress() const {
  Progress progress = work_->progress();
  if (filler_.has_value()) progress.moved = filler_->moved();
  return progress;
}

}  // namespace vexfs::engine
