// TextJob and TextPart: a file that is to be read for the index, and a part of what was read.
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
  uint32_t tries = 0;                              // How often it was looked for and not found.

  // The file is to be read only if it is still as its document says, by the fields below.
  bool as_indexed = false;
  bool words_only = false;  // Its passages and vectors exist: only its words are wanted.
  store::ObjectId object = store::kNoObject;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  bool kept_text = false;
};

enum class TextOutcome : uint8_t {
  kText,
  kSkipped,  // It is not meant to be read; `why` says the reason.
  kFailed,   // It could not be read; `why` says the reason.
  kNoFile,   // It is no document: an ignore file leaves it out, or it is no regular file.
  kUnseen,   // No path to it is known now.
  kChanging  // It changed while it was read, or is not as its document says.
};

// The text that the parts of a document are cut from, and the sum of their vectors.
struct TextSource {
  std::string text;
  std::vector<float> sum;
  uint32_t passages = 0;    // In all parts so far.
  bool unembedded = false;  // Some passages have no real vectors, since the embedder is gone.
};

// Passages of a document that follow one another; a large document comes in several parts.
struct TextPart {
  store::ObjectKey key;
  std::shared_ptr<const TextDirectory> directory;
  std::string name;
  uint32_t tries = 0;
  bool words_only = false;
  store::ObjectId object = store::kNoObject;  // Set for words only.

  TextOutcome outcome = TextOutcome::kText;
  std::string why;
  bool retry = false;  // The next scan reads the file again, even if it has not changed.
  bool young = false;  // It was written so recently that a later write may have the same time.
  uint64_t inode = 0;
  uint64_t size = 0;
  int64_t mtime_ns = 0;

  bool keeps_text = false;             // Ranges refer to text that is kept, not to the file.
  std::shared_ptr<TextSource> source;  // nullptr without text, and once no passage needs it.
  uint32_t first_ordinal = 0;
  std::vector<text::Passage> passages;
  std::vector<PassageTerms> terms;
  bool last = true;
  bool unembedded = false;  // TextSource::unembedded as it was at this part.
  // One vector for each passage; the last part of several passages has one more, of the whole file.
  std::vector<float> vectors;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_JOB_H_
