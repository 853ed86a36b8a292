// A walk that compares sizes, times and names with the catalog's documents.
#include "engine/indexing/text_scan.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <utility>

#include "base/limits.h"
#include "engine/indexing/text_job.h"

namespace vexfs::engine {

using store::Document;
using store::DocumentState;

// FNV-1a: draft-eastlake-fnv.
uint64_t hash_of_name(std::string_view name) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash >> 1;  // The catalog's numbers have a sign.
}

void ask_for_words(const Document& row, TextJob& job) {
  ask_as_indexed(row, job);
  job.words_only = true;
}

void ask_as_indexed(const Document& row, TextJob& job) {
  job.as_indexed = true;
  job.object = row.object;
  job.size = row.size;
  job.mtime_ns = row.mtime_ns;
  job.kept_text = row.text_kept;
}

// Whether the name is a file that may be indexed. Moves to the rules of its directory.
bool TextScan::passes(const tree::WalkedName& name) {
  ignored_.go_to(name.path, name.directory);
  if (!ignored_.ignores(name.name, name.is_directory)) return !name.is_directory;
  name.enter = false;
  return false;
}

Result<uint64_t> TextScan::count(const std::atomic<bool>& stopping) {
  uint64_t files = 0;
  const auto walked = tree::walk_tree(tree_.root().get(), [&](const tree::WalkedName& name) {
    if (passes(name)) ++files;
    return !stopping;
  });
  VEXFS_CHECK_OK(walked.status());
  return files;
}

Status TextScan::run(Take take, FunctionRef<void(uint64_t)> looked_at) {
  take_ = &take;
  looked_at_ = &looked_at;
  const auto last_object = static_cast<uint64_t>(storage_.last_object());
  met_.assign(last_object + 1, false);  // Objects that are made later need not be met.
  const auto walked =
      tree::walk_tree(tree_.root().get(), [&](const tree::WalkedName& name) { return meet(name); });
  if (status_.ok() && !flush() && status_.ok()) status_ = Status(ECANCELED, "the scan was stopped");
  VEXFS_CHECK_OK(status_);
  VEXFS_CHECK_OK(walked.status());
  // If some directory could not be read, files that were not met may still exist.
  return walked.value() ? hand_over_unmet(take) : Status();
}

bool TextScan::meet(const tree::WalkedName& name) {
  if (!passes(name)) return true;
  // Files of one directory share a duplicate of its descriptor, until the last job has been read.
  if (directory_ == nullptr || at_ != name.path) {
    Fd fd(::fcntl(name.directory, F_DUPFD_CLOEXEC, 3));
    const auto key = fd.valid() ? tree_.key_of(fd.get()) : Status(EMFILE, "a directory");
    if (!key.ok()) return true;
    directory_ = std::make_shared<const TextDirectory>(TextDirectory{std::move(fd), key.value()});
    at_ = name.path;
  }
  // One descriptor, so that size, time and key are of one file whatever happens to the name.
  const Fd file(::openat(name.directory, name.name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat stat;
  if (!file.valid() || ::fstat(file.get(), &stat) != 0 || !S_ISREG(stat.st_mode)) return true;
  const auto key = tree_.key_of(file.get());
  if (!key.ok()) return true;  // Something is mounted there.
  Seen seen;
  seen.job.key = key.value();
  seen.job.directory = directory_;
  seen.job.name = name.name;
  seen.size = static_cast<uint64_t>(stat.st_size);
  seen.mtime_ns = nanoseconds(stat.st_mtim);
  seen.name_hash = hash_of_name(seen.job.name);
  seen.names = static_cast<uint64_t>(stat.st_nlink);
  seen_.push_back(std::move(seen));
  return seen_.size() < limits::kTextScanStep || flush();
}

// Whether the file is as its document says. Holds the storage's mutex.
bool TextScan::is_fresh(const Snapshot& now, Seen& seen) {
  const auto object = now.find_object(seen.job.key);
  if (!object.ok() || !object.value().has_value()) return false;
  const auto id = static_cast<uint64_t>(object.value()->id);
  if (id < met_.size()) met_[id] = true;
  const auto document = now.document(object.value()->id);
  if (!document.ok() || !document.value().has_value()) return false;
  const Document& row = *document.value();
  if (row.state == DocumentState::kPending || row.size != seen.size ||
      row.mtime_ns != seen.mtime_ns) {
    return false;
  }
  // The file is the same under another name. With several names any one will do.
  if (row.state != DocumentState::kFresh || row.name_hash == seen.name_hash || seen.names > 1) {
    return true;
  }
  ask_for_words(row, seen.job);
  return false;
}

// Looks up the files that were seen, and hands over those that need reading. False: stopped.
bool TextScan::flush() {
  std::vector<bool> fresh(seen_.size());
  storage_.read([&](const Snapshot& now) {
    for (size_t i = 0; i < seen_.size(); ++i) fresh[i] = is_fresh(now, seen_[i]);
  });
  for (size_t i = 0; i < seen_.size(); ++i) {
    if (!fresh[i] && !(*take_)(std::move(seen_[i].job))) {
      status_ = Status(ECANCELED, "the scan was stopped");
      return false;
    }
    (*looked_at_)(1);
  }
  seen_.clear();
  return true;
}

// Documents whose files were not met: the files are gone, or are left out now. Reading them by
// their keys finds out which.
Status TextScan::hand_over_unmet(Take take) {
  for (const DocumentState state : {DocumentState::kPending, DocumentState::kFresh,
                                    DocumentState::kFailed, DocumentState::kSkipped}) {
    store::ObjectId after = store::kNoObject;
    for (bool more = true; more;) {
      std::vector<store::ObjectKey> unmet;
      Status status;
      size_t looked = 0;
      storage_.read([&](const Snapshot& now) {
        std::vector<store::ObjectId> objects;
        status = now.documents(state, after, [&](const Document& row) {
          after = row.object;
          const auto id = static_cast<uint64_t>(row.object);
          if (id < met_.size() && !met_[id]) objects.push_back(row.object);
          return ++looked < limits::kTextScanStep;
        });
        for (const store::ObjectId object : objects) {
          const auto key = now.key_of(object);
          if (key.ok() && key.value().has_value()) unmet.push_back(*key.value());
        }
      });
      VEXFS_CHECK_OK(status);
      more = looked == limits::kTextScanStep;
      for (const store::ObjectKey& key : unmet) {
        TextJob job;
        job.key = key;
        if (!take(std::move(job))) return Status(ECANCELED, "the scan was stopped");
      }
    }
  }
  return {};
}

}  // namespace vexfs::engine
