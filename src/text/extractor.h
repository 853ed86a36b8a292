// Extractor: the daemon's side of vexfs-extract. Each file that is not plain text is read by a
// process of its own, whose time, memory and output are bounded (extract/sandbox.h).
#ifndef VEXFS_TEXT_EXTRACTOR_H_
#define VEXFS_TEXT_EXTRACTOR_H_

#include <atomic>
#include <string>

#include "base/status.h"
#include "text/extraction.h"

namespace vexfs::text {

// Starts the processes and waits for them. Whatever a document does to its reader, the answer is a
// Verdict. Threads: all methods may run at once. extract() waits up to limits::kExtractorSeconds.
class Extractor {
 public:
  // `program` is the path of vexfs-extract, which find_program() knows.
  explicit Extractor(std::string program) : program_(std::move(program)) {}

  // Answers the text of the regular file behind `fd`. The offset of `fd` does not matter and may
  // change.
  Extraction extract(int fd) const;
  // Ends all extractions, those under way and those to come, with kTimedOut. It cannot be undone.
  void stop() { stopped_ = true; }

  // The path of vexfs-extract: in the directory of this program if it is there, else in
  // ../libexec/vexfs below that directory's parent.
  static std::string find_program();

 private:
  std::string program_;
  std::atomic<bool> stopped_{false};
};

// Answers the text of a regular file: its own bytes where they are plain text (plain_text.h), else
// what `extractor` makes of it. An error, EIO for example, only where the file cannot be read.
Result<Extraction> read_document(int fd, const Extractor& extractor);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_EXTRACTOR_H_
