// Rounds of the keeper: what changed, when it is due, and what is put into the storage.
//
// Changed keys come first in a round, so that their documents are pending before anything else is
// put. Then come renames, which may add jobs for words, then the files that are due. What workers
// have read is put in small steps, each under the storage's mutex for a millisecond or two, and the
// queue is refilled between them so that workers do not run dry.
#include "engine/indexing/text_keeper.h"

#include <algorithm>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "engine/indexing/text_scan.h"

namespace vexfs::engine {

using std::chrono::milliseconds;
using store::Document;
using store::DocumentState;

namespace {

constexpr milliseconds kSettle{limits::kTextSettleMs};
constexpr milliseconds kImageRetry{60'000};  // After an image that could not be written.
constexpr size_t kFewFiles = 8;              // So few are read at once: some milliseconds of work.

}  // namespace

void TextKeeper::run() {
  while (!work_.stopping()) {
    work_.begin_round();
    const bool changes = take_changes();
    take_renamed();
    queue_due_files();
    while (!work_.stopping() && put_some()) queue_due_files();
    write_image_if_due(false);
    set_idle_policy();
    work_.end_round(!delayed_.empty());
    // None of these files is due sooner. So many files that change one after another wake the
    // keeper once.
    if (changes && !work_.is_waited_for()) std::this_thread::sleep_for(kSettle / 10);
    work_.wait_for_wake(wait_ms());
  }
  // Marks what has changed as pending, so that the next start reads it, whatever its time says.
  take_changes();
  write_image_if_due(true);
}

// A file that was just saved is looked for soon, so the threads do not idle for a few files, nor
// while a caller waits.
void TextKeeper::set_idle_policy() {
  const size_t files = work_.queue.size();
  const bool few = files > 0 && files <= kFewFiles;
  brisk_ = !work_.idlers.set_idle(!few && !work_.is_waited_for());
}

// Until the next delayed file is due, a lexical image may be due, or the threads may idle again.
int TextKeeper::wait_ms() const {
  auto next = Clock::now() + milliseconds(limits::kCheckpointQuietMs);
  if (!delayed_.empty()) next = std::min(next, delayed_.first().due);
  if (work_.is_waited_for() && !delayed_.empty()) return 0;
  if (brisk_) next = std::min(next, Clock::now() + IdleThreads::kHurry);
  const auto left = std::chrono::duration_cast<milliseconds>(next - Clock::now()).count();
  return static_cast<int>(std::max<int64_t>(left + 1, 0));
}

// --- What changed

void TextKeeper::delay(const store::ObjectKey& key, milliseconds by, uint32_t tries) {
  delayed_.delay(key, by, tries, Clock::now());
}

// Whether anything changed.
bool TextKeeper::take_changes() {
  keys_.clear();
  bool all = work_.changed.take(keys_);
  std::vector<store::ObjectKey> fresh;
  const Clock::time_point now = Clock::now();
  for (const store::ObjectKey& key : keys_) {
    if (delayed_.size() >= limits::kDelayedFilesMax) {
      all = false;
      break;
    }
    if (delayed_.delay(key, kSettle, 0, now)) fresh.push_back(key);
  }
  if (!fresh.empty()) {
    const Status status = work_.storage.mark_documents_pending(fresh);
    if (!status.ok()) log(LogLevel::kWarning, "files that changed cannot be marked", status);
  }
  if (!all) work_.request_scan();  // Some keys were forgotten: a scan finds their files.
  return !keys_.empty();
}

// What is to be done about a step of renamed objects, once the storage's mutex is free.
struct TextKeeper::Renamed {
  std::vector<TextJob> jobs;                // Their words have to be read under the new name.
  std::vector<store::ObjectKey> again;      // They are to be read again as a whole.
  std::vector<store::ObjectId> moved_away;  // Their copies in the other space have the old name.
};

// Holds the storage's mutex.
void TextKeeper::look_up(store::ObjectId object, const Snapshot& now, Renamed& renamed) const {
  const auto row = now.document(object);
  const auto key = now.key_of(object);
  if (!row.ok() || !row.value().has_value() || !key.ok() || !key.value().has_value()) return;
  if (row.value()->space != work_.index->space().id) renamed.moved_away.push_back(object);
  bool known = false;
  const Status status = now.names_of(object, [&](DirectoryIndex, std::string_view name) {
    known = hash_of_name(name) == row.value()->name_hash;
    return !known;
  });
  if (!status.ok() || known) return;
  if (row.value()->state != DocumentState::kFresh) {
    // A worker may have read it under its old name a moment ago.
    if (work_.queue.in_hand(*key.value())) renamed.again.push_back(*key.value());
    return;
  }
  renamed.jobs.emplace_back();
  renamed.jobs.back().key = *key.value();
  ask_for_words(*row.value(), renamed.jobs.back());
}

void TextKeeper::take_renamed() {
  std::vector<store::ObjectId> objects = work_.take_renamed();
  std::sort(objects.begin(), objects.end());
  objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  for (size_t at = 0; at < objects.size();) {
    Renamed renamed;
    work_.storage.read([&](const Snapshot& now) {
      const size_t end = std::min(objects.size(), at + limits::kTextScanStep);
      for (; at < end; ++at) look_up(objects[at], now, renamed);
    });
    for (const store::ObjectKey& key : renamed.again) delay(key, kSettle);
    for (const store::ObjectId object : renamed.moved_away) take_back(object);
    for (TextJob& job : renamed.jobs) {
      // Without room in the queue the file is read again later, as if it had been written.
      const store::ObjectKey key = job.key;
      if (work_.push_words(std::move(job), false) == TextQueue::Pushed::kFull) delay(key, kSettle);
    }
  }
}

// The document's passages are those of this index: the copy in the other space is old.
void TextKeeper::take_back(store::ObjectId object) {
  const Status status = work_.storage.take_back(work_.index->space(), object);
  if (!status.ok())
    log(LogLevel::kWarning, "a document cannot be taken back from the next index", status);
}

// While a caller waits, all delayed files are due.
void TextKeeper::queue_due_files() {
  const Clock::time_point now = Clock::now();
  while (!delayed_.empty() && (work_.is_waited_for() || delayed_.first().due <= now)) {
    TextJob job;
    job.key = delayed_.first().key;
    job.tries = delayed_.first().tries;
    if (work_.queue.push(std::move(job), TextQueue::Lane::kChanged, false) ==
        TextQueue::Pushed::kFull) {
      return;
    }
    delayed_.pop_first();
  }
}

// --- What was read

// False if nothing was ready.
bool TextKeeper::put_some() {
  std::vector<TextPart> parts = work_.ready.take(limits::kPutPassagesMax);
  if (parts.empty()) return false;
  Status status = work_.final_trouble();
  if (status.ok()) status = claim_kept_texts(parts);
  if (status.ok()) {
    put(parts);
  } else {
    for (const TextPart& part : parts) finish(part, status);
  }
  last_put_ = Clock::now();
  work_.index->changed();
  return true;
}

namespace {

// The catalog's numbers are signed.
uint64_t bits_of(uint64_t number) { return number & INT64_MAX; }

// The document's row after this part.
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
  // A scan compares these numbers; no file has those of a row that is to be tried again.
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

// Writes the text of formats other than plain text. The file of a kept text is named by its object,
// so a new document is put first to get one. It is pending while text and passages may differ.
Status TextKeeper::claim_kept_texts(std::vector<TextPart>& parts) {
  for (TextPart& part : parts) {
    if (part.source == nullptr || part.outcome != TextOutcome::kText) continue;
    VectorStorageManager::DocumentPart claim = storage_part(part, work_.index->space().id);
    claim.row.state = DocumentState::kPending;
    VEXFS_CHECK_OK(work_.storage.put_documents(work_.index->space(), {&claim, 1}));
    Status status = claim.status;
    if (status.ok()) status = work_.storage.texts().write(claim.row.object, part.source->text);
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

// Puts rows, passages and vectors in one step, then the words under the slots that this gave.
void TextKeeper::put(std::vector<TextPart>& parts) {
  const VectorStorageManager::OpenSpace space = work_.index->space();
  std::vector<VectorStorageManager::DocumentPart> rows;
  std::vector<std::vector<store::Passage>> passages(parts.size());
  std::vector<size_t> owners;
  for (size_t i = 0; i < parts.size(); ++i) {
    TextPart& part = parts[i];
    const bool row = part.outcome == TextOutcome::kText || part.outcome == TextOutcome::kSkipped ||
                     part.outcome == TextOutcome::kFailed;
    if (!row || part.words_only || (work_.fills && part.outcome != TextOutcome::kText)) continue;
    for (const text::Passage& one : part.passages) {
      passages[i].push_back({.start = one.start, .end = one.end, .line = one.line});
    }
    const size_t vectors = part.vectors.size() / space.parameters.dim;
    if (vectors > passages[i].size()) passages[i].emplace_back();  // Of the whole file.
    rows.push_back(storage_part(part, space.id));
    rows.back().puts_passages = true;
    rows.back().beside = work_.fills;
    rows.back().first_ordinal = part.first_ordinal;
    rows.back().last = part.last;
    rows.back().passages = passages[i];
    rows.back().vectors = part.vectors.data();
    owners.push_back(i);
  }
  Status status;
  // While this is held, no slot is let go of: a slot that is freed at once is forgotten only after
  // its words have been put.
  std::optional<SearchEpochs::Entered> held;
  if (!rows.empty()) {
    // EAGAIN: too many vectors wait for the graph's writer.
    do {
      status = work_.storage.put_documents(space, rows, &held);
    } while (status.error() == EAGAIN && !work_.stopping());
  }
  if (TextWork::is_final(status)) work_.stop_for(status);
  std::vector<Status> done(parts.size(), status);
  for (size_t i = 0; status.ok() && i < rows.size(); ++i) {
    const TextPart& part = parts[owners[i]];
    done[owners[i]] = rows[i].status;
    renamed_words_.erase(rows[i].row.object);
    for (size_t j = 0; rows[i].status.ok() && j < part.terms.size(); ++j) {
      const Status put = work_.index->words().put(rows[i].slots[j], part.terms[j]);
      if (!put.ok()) log(LogLevel::kError, "the words of a passage cannot be indexed", put);
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

// Puts the words of passages that exist already. The file is as it was when these were put.
void TextKeeper::put_words(TextPart& part) {
  const SearchEpochs::Entered held = work_.index->space().knn->hold();
  std::vector<Slot> slots(part.passages.size(), kNoSlot);
  std::optional<Document> row;
  work_.storage.read([&](const Snapshot& now) {
    auto document = now.document(part.object);
    if (document.ok()) row = std::move(document.value());
    (void)now.passages_of(work_.index->space().id, part.object, [&](const store::Passage& passage) {
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
    const Status put = work_.index->words().put(slots[i], part.terms[i]);
    if (!put.ok()) log(LogLevel::kError, "the words of a passage cannot be indexed", put);
  }
  if (work_.fills) return;  // The other index has the document, and notes its name.
  if (part.last && row.has_value() && row->space != work_.index->space().id) take_back(part.object);
  const uint64_t hash = hash_of_name(part.name);
  if (part.last && row.has_value() && row->name_hash != hash) renamed_words_[part.object] = hash;
}

// Ends what is known of a part that was put, or could not be put.
void TextKeeper::finish(const TextPart& part, const Status& status) {
  const bool moves = filler_ != nullptr && !part.words_only;
  if (moves) filler_->finish(part, status);
  if (!part.last) return;
  work_.count_finished();
  if (part.words_only) work_.finish_words();
  const bool again = work_.queue.finish(part.key);
  if (moves) return;
  if (!status.ok() && status.error() != ESTALE && status.error() != ENOENT) {
    log(LogLevel::kInfo, "a document cannot be indexed", status, part.inode);
  }
  if (work_.options.read_only) return;
  if (part.outcome == TextOutcome::kNoFile) {
    const Status removed = work_.storage.remove_document(part.key);
    if (!removed.ok()) log(LogLevel::kWarning, "a document cannot be removed", removed);
  } else if (part.words_only && part.outcome != TextOutcome::kText) {
    // The next image would be taken to have its words.
    const Status marked = work_.storage.mark_documents_pending({&part.key, 1});
    if (!marked.ok()) log(LogLevel::kWarning, "a document cannot be marked", marked);
  }
  read_again_if_needed(part, again);
}

// `again`: the file was queued once more while it was read.
void TextKeeper::read_again_if_needed(const TextPart& part, bool again) {
  if (part.outcome == TextOutcome::kChanging) {
    delay(part.key, part.words_only ? kSettle : 2 * kSettle);
  } else if (part.outcome == TextOutcome::kUnseen && part.tries < limits::kUnseenTriesMax) {
    // It may have been moved just then.
    delay(part.key, (1U << part.tries) * kSettle, part.tries + 1);
  } else if (again || part.young) {
    delay(part.key, kSettle);
  }
}

// An image is due when it is quiet and anything has changed, or when so much has changed that the
// next start would take long to read it again.
void TextKeeper::write_image_if_due(bool at_end) {
  if (work_.options.read_only || (at_end && leaves_words_)) return;
  const uint64_t bytes = work_.index->words().changed_bytes();
  // The next start takes an image to have all words of all passages.
  if (bytes == 0 || !work_.words_are_complete()) return;
  const Clock::time_point now = Clock::now();
  const bool quiet = now >= last_put_ + milliseconds(limits::kCheckpointQuietMs);
  const bool much =
      bytes >= limits::kLexicalChangedBytes || renamed_words_.size() >= limits::kRenamedWordsMax;
  if (!at_end && (now < image_retry_ || (!much && !quiet))) return;
  Status status = work_.index->words().write_image();
  // The rows get the new names only now: until the image is durable, a scan after a crash must find
  // by the old names that the image lacks the words of the new ones.
  if (status.ok() && !renamed_words_.empty()) status = work_.storage.name_documents(renamed_words_);
  if (!status.ok()) {
    log(LogLevel::kWarning, "the lexical image cannot be written", status);
    image_retry_ = now + kImageRetry;
    return;
  }
  renamed_words_.clear();
}

}  // namespace vexfs::engine
