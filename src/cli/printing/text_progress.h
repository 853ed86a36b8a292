// TextProgress: how far the indexing of a tree is, as control tells of it.
#ifndef VEXFS_CLI_PRINTING_TEXT_PROGRESS_H_
#define VEXFS_CLI_PRINTING_TEXT_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "cli/tree/json_fields.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

struct TextProgress {
  bool indexing = false;   // Something waits, or the first look at all files is not done.
  bool scanning = false;   // Not all files are known yet.
  uint64_t documents = 0;  // Files that can be found by their text.
  uint64_t passages = 0;
  uint64_t pending = 0;
  uint64_t failed = 0;
  uint64_t skipped = 0;
  double files_per_second = 0;
  double seconds_left = 0;
  std::string trouble = {};  // Why it does not go on; a sentence.

  // Another embedder is on its way.
  struct Switch {
    std::string to;
    uint64_t documents = 0;  // That it has embedded,
    uint64_t of = 0;         // of so many.
    double files_per_second = 0;
    double seconds_left = 0;
    std::string trouble = {};
  };
  std::optional<Switch> change = {};

  uint64_t done() const { return documents + failed + skipped; }
  // 0..1; < 0: not known.
  double fraction() const;
};

// False with a sentence on failure.
bool ask_progress(TreeClient& tree, TextProgress& progress, std::string& problem);
TextProgress parse_progress(const Json& reply);

// Waits until the index of a tree that is not mounted is open, if it has one: until then its
// progress is nothing.
void open_index(TreeClient& tree);

// Whether the tree has been indexed, ever. False with a sentence on failure.
bool ask_indexed(TreeClient& tree, bool& indexed, std::string& problem);

// "1,200 of 4,000 files embedded by NAME"
std::string switch_sentence(const TextProgress::Switch& change);

// "312 of 4,000 files indexed", "4,000 files indexed, 2 failed, 17 skipped".
std::string progress_sentence(const TextProgress& progress);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_PRINTING_TEXT_PROGRESS_H_
