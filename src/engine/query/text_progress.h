// TextProgress: how far the index of texts has come. The engine fills it, reply_json writes it, and
// the command line reads it from the reply into the same struct.
#ifndef VEXFS_ENGINE_QUERY_TEXT_PROGRESS_H_
#define VEXFS_ENGINE_QUERY_TEXT_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/status.h"

namespace vexfs::engine {

struct TextProgress {
  bool on = false;         // The tree has an index of texts. This is not part of the reply.
  bool indexing = false;   // Files wait, or the first scan has not ended.
  bool scanning = false;   // Not all files are known yet.
  uint64_t documents = 0;  // Files that can be found by their text as it is now.
  uint64_t passages = 0;
  uint64_t pending = 0;
  uint64_t failed = 0;
  uint64_t skipped = 0;
  double files_per_second = 0;
  double seconds_left = 0;
  std::string trouble = {};  // A sentence that says why indexing does not go on; empty if it does.

  // A sentence that says which wish of the store is not granted, and why; empty if all are.
  std::string warning = {};

  // Another embedder makes all vectors anew.
  struct Switch {
    std::string to;          // The name of that embedder.
    uint64_t documents = 0;  // How many documents it has embedded.
    uint64_t of = 0;         // How many documents there are.
    double files_per_second = 0;
    double seconds_left = 0;
    std::string trouble = {};
  };
  std::optional<Switch> change = {};

  // Files whose turn has passed, with or without success.
  uint64_t done() const { return documents + failed + skipped; }
};

// The sentence that TextProgress::trouble has for a Status.
inline std::string sentence_of(const Status& trouble) {
  return trouble.ok() ? std::string() : trouble.what();
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_TEXT_PROGRESS_H_
