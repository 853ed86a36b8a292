// Opening by name or by key, reading, a check for changes meanwhile, and cutting.
#include "engine/indexing/document_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <ctime>
#include <utility>

#include "base/limits.h"
#include "engine/indexing/text_job.h"

namespace vexfs::engine {
namespace {

int64_t now_ns() {
  timespec now;
  ::clock_gettime(CLOCK_REALTIME, &now);
  return nanoseconds(now);
}

// Whether the file still has the size and time that the part has noted.
bool is_same(int fd, const TextPart& part) {
  struct stat stat;
  return ::fstat(fd, &stat) == 0 && static_cast<uint64_t>(stat.st_size) == part.size &&
         nanoseconds(stat.st_mtim) == part.mtime_ns;
}

void fail(TextPart& part, TextOutcome outcome, std::string why) {
  part.outcome = outcome;
  part.why = std::move(why);
}

TextOutcome outcome_of(text::Verdict verdict) {
  switch (verdict) {
    case text::Verdict::kText:
      return TextOutcome::kText;
    case text::Verdict::kBinary:
    case text::Verdict::kUnsupported:
    case text::Verdict::kTooLarge:
      return TextOutcome::kSkipped;
    default:
      return TextOutcome::kFailed;
  }
}

}  // namespace

// Opens the file by its name, if a scan met it, else by its key. In the latter case its path gives
// the name, and finds out whether ignore files leave it out (EPERM).
Result<Fd> DocumentReader::open(const TextJob& job, TextPart& part) {
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  if (job.directory != nullptr) {
    Fd fd(::openat(job.directory->fd.get(), job.name.c_str(), kFlags));
    if (!fd.valid()) return errno_status("openat");
    VEXFS_TRY(key, tree_.key_of(fd.get()));
    if (!(key == job.key)) return Status(ENOENT, "another file has the name");
    return fd;
  }
  std::array<char, limits::kSymlinkBytesMax> buffer;
  VEXFS_TRY(path, tree_.path_of(job.key, buffer));
  const size_t slash = path.rfind('/');
  const bool at_top = slash == std::string_view::npos;
  part.name = path.substr(at_top ? 0 : slash + 1);
  VEXFS_CHECK_OK(ignored_.descend(tree_.root().get(), at_top ? "" : path.substr(0, slash)));
  if (ignored_.ignores(part.name, false)) return Status(EPERM, "the file is left out");
  return tree_.open(job.key, kFlags & ~O_CLOEXEC);
}

void DocumentReader::read(const TextJob& job, FunctionRef<bool(TextPart)> take) {
  TextPart part;
  part.key = job.key;
  part.directory = job.directory;
  part.name = job.name;
  part.tries = job.tries;
  part.words_only = job.words_only;
  part.object = job.object;
  const Result<Fd> fd = open(job, part);
  struct stat stat;
  if (!fd.ok()) {
    // It is left out, is no regular file, or is on another filesystem.
    const bool none = fd.error() == EPERM || fd.error() == EISDIR || fd.error() == ELOOP ||
                      fd.error() == ENXIO || fd.error() == EXDEV;
    const bool unseen = fd.error() == ENOENT || fd.error() == ESTALE || fd.error() == ENOTDIR;
    if (none || unseen) {
      part.outcome = none ? TextOutcome::kNoFile : TextOutcome::kUnseen;
    } else {
      fail(part, TextOutcome::kFailed, std::string("cannot be opened: ") + fd.status().what());
      part.retry = true;
    }
    (void)take(std::move(part));
    return;
  }
  if (::fstat(fd.value().get(), &stat) != 0 || !S_ISREG(stat.st_mode)) {
    part.outcome = TextOutcome::kNoFile;
    (void)take(std::move(part));
    return;
  }
  part.inode = stat.st_ino;
  part.size = static_cast<uint64_t>(stat.st_size);
  part.mtime_ns = nanoseconds(stat.st_mtim);
  part.young = now_ns() - part.mtime_ns < int64_t{limits::kYoungFileMs} * 1'000'000;
  const bool changed = job.as_indexed && (part.size != job.size || part.mtime_ns != job.mtime_ns);
  if (changed) {
    part.outcome = TextOutcome::kChanging;
  } else {
    read_text(job, fd.value().get(), part);
  }
  if (part.outcome != TextOutcome::kText) {
    (void)take(std::move(part));
    return;
  }
  cut(std::move(part), take);
}

void DocumentReader::read_text(const TextJob& job, int fd, TextPart& part) {
  part.source = std::make_shared<TextSource>();
  if (job.as_indexed && job.kept_text) {
    if (!read_kept(job.object, part.source->text).ok()) {
      part.outcome = TextOutcome::kChanging;  // It is then read again from its file.
    }
    return;
  }
  if (part.size > limits::kDocumentBytesMax) {
    return fail(part, TextOutcome::kSkipped, "larger than 64 MiB");
  }
  // An extractor may take long, and the file may be written meanwhile.
  Result<text::Extraction> read = text::read_document(fd, extractor_);
  if (!is_same(fd, part)) {
    part.outcome = TextOutcome::kChanging;
    return;
  }
  if (!read.ok()) {
    part.retry = true;
    return fail(part, TextOutcome::kFailed, std::string("cannot be read: ") + read.status().what());
  }
  text::Extraction& extraction = read.value();
  part.outcome = outcome_of(extraction.verdict);
  if (part.outcome != TextOutcome::kText) {
    part.retry = extraction.verdict == text::Verdict::kNoExtractor;
    part.why = text::describe(extraction.verdict);
    return;
  }
  part.keeps_text = !extraction.plain;
  part.source->text = std::move(extraction.text);
}

Status DocumentReader::read_kept(store::ObjectId object, std::string& text) const {
  constexpr size_t kStep = size_t{256} << 10;
  for (size_t have = 0;; have = text.size()) {
    text.resize(have + kStep);
    VEXFS_TRY(bytes, texts_.read(object, have, std::span(text).subspan(have)));
    text.resize(have + bytes);
    if (bytes < kStep) return {};
  }
}

void DocumentReader::cut(TextPart part, FunctionRef<bool(TextPart)> take) {
  // The next part of the same document, still without passages.
  const auto begin = [](const TextPart& from) {
    TextPart next;
    next.key = from.key;
    next.directory = from.directory;
    next.name = from.name;
    next.words_only = from.words_only;
    next.object = from.object;
    next.young = from.young;
    next.inode = from.inode;
    next.size = from.size;
    next.mtime_ns = from.mtime_ns;
    next.keeps_text = from.keeps_text;
    next.source = from.source;
    return next;
  };
  const std::string_view text = part.source->text;
  text::PassageCursor cursor(text, options_);
  text::Passage passage;
  while (cursor.next(passage)) {
    if (part.passages.size() == limits::kTextPartPassages) {
      TextPart next = begin(part);
      next.first_ordinal = part.first_ordinal + static_cast<uint32_t>(part.passages.size());
      part.last = false;
      if (!take(std::move(part))) return;
      part = std::move(next);
    }
    part.passages.push_back(passage);
    part.terms.push_back(
        counter_.count(text.substr(passage.start, passage.end - passage.start), part.name));
  }
  (void)take(std::move(part));
}

}  // namespace vexfs::engine
