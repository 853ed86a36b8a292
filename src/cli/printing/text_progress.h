// Asks a tree how far the index of its texts has come, and says it in sentences.
#ifndef VEXFS_CLI_PRINTING_TEXT_PROGRESS_H_
#define VEXFS_CLI_PRINTING_TEXT_PROGRESS_H_

#include <string>

#include "cli/tree/json_fields.h"
#include "cli/tree/tree_client.h"
#include "engine/query/text_progress.h"

namespace vexfs::cli {

using engine::TextProgress;

// The part of the known files that is done, 0..1; < 0 while not all files are known.
double fraction_of(const TextProgress& progress);

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
