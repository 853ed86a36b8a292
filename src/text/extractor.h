// The daemon's side of vexfs-extract: one bounded process for each foreign file.
#ifndef VEXFS_TEXT_EXTRACTOR_H_
#define VEXFS_TEXT_EXTRACTOR_H_

#include <atomic>
#include <string>

#include "base/status.h"
#include "text/extraction.h"

namespace vexfs::text {

// Starts processes; whatever a document does to its reader, the answer is a Verdict. Threads: all
// methods may run at once. Large stack; waits up to limits::kExtractorSeconds.
class Extractor {
 public:
  // `program` is vexfs-extract; find_program() says where it is.
  explicit Extractor(std::string program) : program_(std::move(program)) {}

  // The text of the regular file behind `fd`, whose offset does not matter and may change.
  Extraction extract(int fd) const;
  // No process goes on or begins: what is extracted is timed out.
  void stop() { stopped_ = true; }

  // Beside this program, else in ../libexec/vexfs from it.
  static std::string find_program();

 private:
  std::string program_;
  std::atomic<bool> stopped_{false};
};

// The text of a file: as it stands where it is plain (see plain_text.h), else by `extractor`.
// EIO and the like where the file cannot be read.
Result<Extraction> read_document(int fd, const Extractor& extractor);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_EXTRACTOR_H_
