// The keeper's thread: what changed, when it is due, and what is put into the storage.
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <thread>

#include "base/limits.h"
#include "base/log.h"
#include "engine/indexing/text_indexer_state.h"
#include "engine/indexing/text_scan.h"

namespace vexfs::engine {

using std::chrono::milliseconds;
using store::Document;
using store::DocumentState;

namespace {

constexpr milliseconds kSettle{limits::kTextSettleMs};
constexpr milliseconds kLater{1000};  // After a failure that may pass.
constexpr size_t kFewFiles = 8;       // Read at once: some milliseconds of work.

}  // namespace

void TextIndexer::State::run_keeper(void* state) {
  static_cast<State*>(state)->keep_until_stopped();
}

void TextIndexer::State::keep_until_stopped() {
  while (!stopping) {
    eventfd_t count;
    (void)::eventfd_read(work.get(), &count);
    {
      const std::lock_guard lock(mutex);
      keeper_idle = false;
    }
    const bool changes = take_changes();
    take_renamed();
    push_due();
    while (!stopping && put_some()) push_due();
    write_image_if_due(false);
    idle_unless_wanted();
    {
      const std::lock_guard lock(mutex);
      keeper_idle = delayed.empty() && renamed_objects.empty() && !renamed_overrun;
      const bool idle = is_idle();
      if (idle) {
        busy_since = Clock::now();
        finished_before = finished;
      }
      index->set_complete(idle);
      progressed.notify_all();
    }
    // None of these files is due before; many that change one after another wake it once.
    if (changes && waiting == 0) std::this_thread::sleep_for(kSettle / 10);
    pollfd event = {work.get(), POLLIN, 0};
    if (!stopping) (void)::poll(&event, 1, wait_ms());
  }
  // What has changed is known at the next start, whatever its time says.
  take_changes();
  write_image_if_due(true);
}

// A file that was just saved is looked for soon; many files have time, unless someone has not.
void TextIndexer::State::idle_unless_wanted() {
  const size_t files = queue.size();
  const bool few = files > 0 && files <= kFewFiles;
  brisk = !idlers.set_idle(!few && waiting == 0);
}

int TextIndexer::State::wait_ms() const {
  auto next = Clock::now() + milliseconds(limits::kCheckpointQuietMs);
  if (!delayed.empty()) next = std::min(next, delayed.first().due);
  if (waiting > 0 && !delayed.empty()) return 0;
  if (brisk) next = std::min(next, Clock::now() + IdleThreads::kHurry);
  const auto left = std::chrono::duration_cast<milliseconds>(next - Clock::now()).count();
  return static_cast<int>(std::max<int64_t>(left + 1, 0));
}

// --- What changed

void TextIndexer::State::delay(const store::ObjectKey& key, milliseconds by, uint32_t tries) {
  delayed.delay(key, by, tries, Clock::now());
}

// Whether there were any.
bool TextIndexer::State::take_changes() {
  keys.clear();
  bool all = changed.take(keys);
  std::vector<store::ObjectKey> fresh;
  const Clock::time_point now = Clock::now();
  for (const store::ObjectKey& key : keys) {
    if (delayed.size() >= limits::kDelayedFilesMax) {
      all = false;
      break;
    }
    if (delayed.delay(key, kSettle, 0, now)) fresh.push_back(key);
  }
  if (!fresh.empty()) {
    const Status status = storage.mark_documents_pending(fresh);
    if (!status.ok()) log(LogLevel::kWarning, "files that changed cannot be marked", status);
  }
  if (!all) {
    const std::lock_guard lock(mutex);
    scan_wanted = true;
    scanning = true;
    progressed.notify_all();
  }
  return !keys.empty();
}

void TextIndexer::State::take_renamed() {
  std::vector<store::ObjectId> objects;
  {
    const std::lock_guard lock(mutex);
    objects.swap(renamed_objects);
    if (std::exchange(renamed_overrun, false)) scan_wanted = scanning = true;
    progressed.notify_all();
  }
  std::sort(objects.begin(), objects.end());
  objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  const store::SpaceId space = index->space().id;
  for (size_t at = 0; at < objects.size();) {
    std::vector<TextJob> jobs;
    std::vector<store::ObjectKey> again;
    std::vector<store::ObjectId> beside;
    storage.locked([&](store::Catalog& catalog, NameTable& names) {
      const size_t end = std::min(objects.size(), at + limits::kTextScanStep);
      for (; at < end; ++at) {
        const auto row = catalog.document(objects[at]);
        const auto key = catalog.key_of(objects[at]);
        if (!row.ok() || !row.value().has_value() || !key.ok() || !key.value().has_value()) {
          continue;
        }
        // Its words there have the older name.
        if (row.value()->space != space) beside.push_back(objects[at]);
        bool known = false;
        const Status status =
            names.names_of(objects[at], [&](DirectoryIndex, std::string_view name) {
              known = hash_of_name(name) == row.value()->name_hash;
              return !known;
            });
        if (!status.ok() || known) continue;
        if (row.value()->state != DocumentState::kFresh) {
          // It may have been read under its old name a moment ago.
          if (queue.in_hand(*key.value())) again.push_back(*key.value());
          continue;
        }
        jobs.emplace_back();
        jobs.back().key = *key.value();
        ask_for_words(*row.value(), jobs.back());
      }
    });
    for (const store::ObjectKey& key : again) delay(key, kSettle);
    for (const store::ObjectId object : beside) take_back(object);
    for (TextJob& job : jobs) {
      // No room: as if it had been written.
      const store::ObjectKey key = job.key;
      if (push_words(std::move(job), false) == TextQueue::Pushed::kFull) delay(key, kSettle);
    }
  }
}

void TextIndexer::State::take_back(store::ObjectId object) {
  const Status status = storage.take_back(index->space(), object);
  if (!status.ok()) log(LogLevel::kWarning, "a document that is embedded anew", status);
}

void TextIndexer::State::push_due() {
  const Clock::time_point now = Clock::now();
  while (!delayed.empty() && (waiting > 0 || delayed.first().due <= now)) {
    TextJob job;
    job.key = delayed.first().key;
    job.tries = delayed.first().tries;
    if (queue.push(std::move(job), TextQueue::Lane::kChanged, false) == TextQueue::Pushed::kFull) {
      return;
    }
    delayed.pop_first();
  }
}

// --- What was read

bool TextIndexer::State::put_some() {
  std::vector<TextPart> parts = ready.take(limits::kPutPassagesMax);
  if (parts.empty()) return false;
  Status status;
  {
    const std::lock_guard lock(mutex);
    status = trouble.error() == EROFS || trouble.error() == EIO || trouble.error() == ENODATA
                 ? trouble
                 : Status();
  }
  if (status.ok()) status = claim_kept_texts(parts);
  if (status.ok()) {
    put(parts);
  } else {
    for (const TextPart& part : parts) finish(part, status);
  }
  last_put = Clock::now();
  index->changed();
  return true;
}

namespace {

uint64_t bits_of(uint64_t number) { return number & INT64_MAX; }

Document row_of(const TextPart& part, store::SpaceId space) {
  Document row;
  row.name_hash = hash_of_name(part.name);
  if (part.outcome == TextOutcome::kText) {
    const bool whole = part.last && !part.unembedded;
    row.state = whole ? DocumentState::kFresh : DocumentState::kPending;
    row.space = space;
    row.text_kept = part.keeps_text;
  } else {
    row.state =
        part.outcome == TextOutcome::kSkipped ? DocumentState::kSkipped : DocumentState::kFailed;
    row.why = part.why.substr(0, limits::kDocumentWhyBytesMax);
  }
  // A scan compares these: what is to be tried again is like no file.
  row.size = part.retry ? 0 : bits_of(part.size);
  row.mtime_ns = part.retry ? -1 : part.mtime_ns;
  return row;
}

VectorStorageManager::DocumentPart storage_part(const TextPart& part, store::SpaceId space) {
  VectorStorageManager::DocumentPart one;
  one.key = part.key;
  one.directory = part.directory == nullptr ? nullptr : &part.directory->key;
  one.name = part.name;
  one.inode = part.inode;
  one.row = row_of(part, space);
  return one;
}

}  // namespace

// Kept text is named by its object, which a new file has not got yet; its document is pending while
// the text and the ranges may be of different times.
Status TextIndexer::State::claim_kept_texts(std::vector<TextPart>& parts) {
  for (TextPart& part : parts) {
    if (part.source == nullptr || part.outcome != TextOutcome::kText) continue;
    VectorStorageManager::DocumentPart claim = storage_part(part, index->space().id);
    claim.row.state = DocumentState::kPending;
    VEXFS_CHECK_OK(storage.put_documents(index->space(), {&claim, 1}));
    Status status = claim.status;
    if (status.ok()) status = storage.texts().write(claim.row.object, part.source->text);
    part.source.reset();
    if (status.ok()) continue;
    part.outcome = TextOutcome::kFailed;
    part.why = std::string("its text cannot be kept: ") + status.what();
    part.retry = true;
    part.passages.clear();
    part.terms.clear();
  }
  return {};
}

void TextIndexer::State::put(std::vector<TextPart>& parts) {
  const VectorStorageManager::OpenSpace space = index->space();
  std::vector<VectorStorageManager::DocumentPart> rows;
  std::vector<std::vector<store::Passage>> passages(parts.size());
  std::vector<size_t> owners;
  for (size_t i = 0; i < parts.size(); ++i) {
    TextPart& part = parts[i];
    const bool row = part.outcome == TextOutcome::kText || part.outcome == TextOutcome::kSkipped ||
                     part.outcome == TextOutcome::kFailed;
    if (!row || part.words_only || (fills && part.outcome != TextOutcome::kText)) continue;
    for (const text::Passage& one : part.passages) {
      passages[i].push_back({.start = one.start, .end = one.end, .line = one.line});
    }
    const size_t vectors = part.vectors.size() / space.parameters.dim;
    if (vectors > passages[i].size()) passages[i].emplace_back();  // The whole file.
    rows.push_back(storage_part(part, space.id));
    rows.back().puts_passages = true;
    rows.back().beside = fills;
    rows.back().first_ordinal = part.first_ordinal;
    rows.back().last = part.last;
    rows.back().passages = passages[i];
    rows.back().vectors = part.vectors.data();
    owners.push_back(i);
  }
  Status status;
  // A slot that is freed at once is let go of only when its words are there to be forgotten.
  std::optional<SearchEpochs::Entered> held;
  if (!rows.empty()) {
    do {
      status = storage.put_documents(space, rows, &held);
    } while (status.error() == EAGAIN && !stopping);
  }
  if (status.error() == EIO || status.error() == EROFS || status.error() == ENODATA) {
    stop_for(status);
  }
  std::vector<Status> done(parts.size(), status);
  for (size_t i = 0; status.ok() && i < rows.size(); ++i) {
    const TextPart& part = parts[owners[i]];
    done[owners[i]] = rows[i].status;
    renamed_words.erase(rows[i].row.object);
    for (size_t j = 0; rows[i].status.ok() && j < part.terms.size(); ++j) {
      const Status put = index->put_words(rows[i].slots[j], part.terms[j]);
      if (!put.ok()) log(LogLevel::kError, "words of a passage", put);
    }
  }
  held.reset();
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].words_only && parts[i].outcome == TextOutcome::kText && status.ok()) {
      put_words(parts[i]);
    }
    finish(parts[i], done[i]);
  }
}

// Of passages that are there; the file is as it was when they were put.
void TextIndexer::State::put_words(TextPart& part) {
  const SearchEpochs::Entered held = index->space().knn->hold();
  std::vector<Slot> slots(part.passages.size(), kNoSlot);
  std::optional<Document> row;
  storage.locked([&](store::Catalog& catalog, NameTable&) {
    auto document = catalog.document(part.object);
    if (document.ok()) row = std::move(document.value());
    (void)catalog.passages_of(index->space().id, part.object, [&](const store::Passage& passage) {
      if (passage.ordinal < part.first_ordinal) return true;
      const size_t at = passage.ordinal - part.first_ordinal;
      if (at >= slots.size()) return false;
      const text::Passage& cut = part.passages[at];
      if (passage.start == cut.start && passage.end == cut.end) slots[at] = passage.slot;
      return true;
    });
  });
  for (size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] == kNoSlot) continue;
    const Status put = index->put_words(slots[i], part.terms[i]);
    if (!put.ok()) log(LogLevel::kError, "words of a passage", put);
  }
  if (fills) return;  // The other index has yet to have words of that name.
  if (part.last && row.has_value() && row->space != index->space().id) take_back(part.object);
  const uint64_t hash = hash_of_name(part.name);
  if (part.last && row.has_value() && row->name_hash != hash) renamed_words[part.object] = hash;
}

void TextIndexer::State::finish(const TextPart& part, const Status& status) {
  if (fills && !part.words_only) finish_moved(part, status);  // Before it is out of hand.
  if (!part.last) return;
  ++finished;
  if (part.words_only) --words_asked;
  const bool again = queue.finish(part.key);
  if (fills && !part.words_only) return;
  if (part.outcome == TextOutcome::kNoFile && !options.read_only) {
    const Status removed = storage.remove_document(part.key);
    if (!removed.ok()) log(LogLevel::kWarning, "a file that is left out", removed);
  }
  if (!status.ok() && status.error() != ESTALE && status.error() != ENOENT) {
    log(LogLevel::kInfo, "a document", status, part.inode);
  }
  if (options.read_only) return;
  const bool unseen = part.outcome == TextOutcome::kUnseen;
  if (part.words_only && part.outcome != TextOutcome::kText &&
      part.outcome != TextOutcome::kNoFile) {
    // The next image will be taken to have its words.
    const Status marked = storage.mark_documents_pending({&part.key, 1});
    if (!marked.ok()) log(LogLevel::kWarning, "a document cannot be marked", marked);
  }
  if (part.outcome == TextOutcome::kChanging) {
    delay(part.key, part.words_only ? kSettle : 2 * kSettle);
  } else if (unseen && part.tries < limits::kUnseenTriesMax) {
    delay(part.key, (1U << part.tries) * kSettle, part.tries + 1);  // Moved just then, perhaps.
  } else if (again || part.young) {
    delay(part.key, kSettle);
  }
}

void TextIndexer::State::write_image_if_due(bool at_end) {
  if (options.read_only || (at_end && leaves_words)) return;
  const uint64_t bytes = index->changed_bytes();
  {
    const std::lock_guard lock(mutex);
    // It would be taken to have all words of all passages.
    if (words_lacking || words_asked > 0 || bytes == 0) return;
  }
  const Clock::time_point now = Clock::now();
  const bool quiet = now >= last_put + milliseconds(limits::kCheckpointQuietMs);
  const bool much =
      bytes >= limits::kLexicalChangedBytes || renamed_words.size() >= limits::kRenamedWordsMax;
  if (!at_end && (now < image_retry || (!much && !quiet))) return;
  Status status = index->write_image();
  // Not before: after a crash the scan finds by the old names that the image lacks the new ones.
  if (status.ok() && !renamed_words.empty()) status = storage.name_documents(renamed_words);
  if (!status.ok()) {
    log(LogLevel::kWarning, "the lexical image cannot be written", status);
    image_retry = now + 60 * kLater;
    return;
  }
  renamed_words.clear();
}

}  // namespace vexfs::engine
