// The pair behind one mutex, and who waits for its exchange.
#include "engine/indexing/current_text.h"

#include <string>
#include <utility>
#include <vector>

namespace vexfs::engine {

Result<CurrentText::Running> CurrentText::run(tree::Tree& tree, VectorStorageManager& storage,
                                              const EngineOptions& options,
                                              std::shared_ptr<const text::Embedder> embedder,
                                              bool create) {
  Running made;
  VEXFS_TRY(index, TextIndex::open(tree, storage, std::move(embedder), create));
  made.index = std::move(index);
  VEXFS_TRY(indexer, TextIndexer::start(tree, storage, made.index, options));
  made.indexer = std::move(indexer);
  return made;
}

// --- The exchange

void CurrentText::set(Running first) {
  const MutexLock lock(mutex_);
  now_ = std::move(first);
}

CurrentText::Running CurrentText::clear() {
  const MutexLock lock(mutex_);
  return std::exchange(now_, {});
}

CurrentText::Running CurrentText::begin_exchange() {
  const MutexLock lock(mutex_);
  Running old = now_;
  now_.indexer = nullptr;
  exchanging_ = true;
  return old;
}

void CurrentText::begin_replacing() {
  const MutexLock lock(mutex_);
  replacing_ = true;
}

void CurrentText::end_exchange(Running next) {
  const std::shared_ptr<TextIndexer> indexer = next.indexer;
  {
    const MutexLock lock(mutex_);
    generation_before_ += now_.index->generation() + 1;
    now_ = std::move(next);
    replacing_ = exchanging_ = false;
    changed_.notify_all();
  }
  // The new indexer looks at all files at its start, but these may have changed since it did.
  std::vector<store::ObjectKey> keys;
  (void)missed_.take(keys);
  for (const store::ObjectKey& key : keys) {
    if (indexer != nullptr) indexer->content_changed(key);
  }
}

// --- Callers

CurrentText::Running CurrentText::running() const {
  const MutexLock lock(mutex_);
  return now_;
}

SearchableText CurrentText::searchable() const {
  std::shared_ptr<TextIndex> index;
  SearchableText made;
  {
    MutexLock lock(mutex_);
    while (replacing_) changed_.wait(lock);
    index = now_.index;
    made.generation = generation_before_ + index->generation();
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

// An indexer that is taken out meanwhile answers that it is closing: then the next one is asked.
Status CurrentText::sync() {
  for (;;) {
    std::shared_ptr<TextIndexer> indexer;
    {
      MutexLock lock(mutex_);
      while (exchanging_) changed_.wait(lock);
      indexer = now_.indexer;
    }
    if (indexer == nullptr) return Status(EAGAIN, "the index is closing");
    const Status status = indexer->sync();
    if (status.ok() || running().indexer == indexer) return status;
  }
}

// --- Request threads

void CurrentText::content_changed(const store::ObjectKey& key) {
  const MutexLock lock(mutex_);
  if (now_.indexer != nullptr) {
    now_.indexer->content_changed(key);
  } else {
    missed_.push(key);
  }
}

bool CurrentText::waits(const store::ObjectKey& key) const {
  const MutexLock lock(mutex_);
  return missed_.contains(key) || (now_.indexer != nullptr && now_.indexer->waits(key));
}

uint64_t CurrentText::generation() const {
  const MutexLock lock(mutex_);
  return generation_before_ + (now_.index == nullptr ? 0 : now_.index->generation());
}

}  // namespace vexfs::engine
