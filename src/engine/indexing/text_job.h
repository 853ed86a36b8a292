// TextJob and TextPart: a file that is to be indexed, and what reading it gave.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_JOB_H_
#define VEXFS_ENGINE_INDEXING_TEXT_JOB_H_

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "base/fd.h"
#include "engine/indexing/text_terms.h"
#include "text/passages.h"
#include "tree/tree.h"

namespace vexfs::engine {

// A file's time as documents have it: nanoseconds since the epoch.
inline int64_t nanoseconds(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// A directory in which a scan met files.
struct TextDirectory {
  Fd fd;
  store::ObjectKey key;
};

struct TextJob {
  store::ObjectKey key;
  std::shared_ptr<const TextDirectory> directory;  // nullptr: the tree is asked for a path.
  std::string name;                                // In that directory.
  uint32_t tries = 0;                              // That did not find it.

  // The document is as it should be, and is wanted if the file still is what it says.
  bool as_indexed = false;
  bool words_only = false;  // And its passages are there: only its words are wanted.
  store::ObjectId object = store::kNoObject;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  bool kept_text = false;
};

enum class TextOutcome : uint8_t {
  kText,
  kSkipped,  // `why`.
  kFailed,   // `why`.
  kNoFile,   // It is left out by an ignore file, or is no regular file: it is not a document.
  kUnseen,   // No path of it is known now.
  kChanging  // It changed while it was read.
};

// Text that several parts are cut from, and the sum of their vectors.
struct TextSource {
  std::string text;
  std::vector<float> sum;
  uint32_t passages = 0;    // In all parts so far.
  bool unembedded = false;  // Some of them have vectors that say nothing: the embedder is gone.
};

// Passages of a document that follow one another; a large document comes in several parts.
struct TextPart {
  store::ObjectKey key;
  std::shared_ptr<const TextDirectory> directory;
  std::string name;
  uint32_t tries = 0;
  bool words_only = false;
  store::ObjectId object = store::kNoObject;  // Of words only.

  TextOutcome outcome = TextOutcome::kText;
  std::string why;
  bool retry = false;  // The next scan tries again, though the file be the same.
  bool young = false;  // It was written so recently that a later write may have the same time.
  uint64_t inode = 0;
  uint64_t size = 0;
  int64_t mtime_ns = 0;

  bool keeps_text = false;             // Ranges refer to text that is kept, not to the file.
  std::shared_ptr<TextSource> source;  // Nullptr without text.
  uint32_t first_ordinal = 0;
  std::vector<text::Passage> passages;
  std::vector<PassageTerms> terms;
  bool last = true;
  bool unembedded = false;  // As the source says, up to this part.
  // A row for each passage; in the last part of several passages one more, of the whole file.
  std::vector<float> vectors;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_JOB_H_
