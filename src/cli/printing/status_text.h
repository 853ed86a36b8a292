// The mount's status for people.
#ifndef VEXFS_CLI_PRINTING_STATUS_TEXT_H_
#define VEXFS_CLI_PRINTING_STATUS_TEXT_H_

#include <string>
#include <vector>

#include "cli/printing/text_progress.h"
#include "cli/tree/failed_files.h"
#include "cli/tree/json_fields.h"

namespace vexfs::cli {

// What `vexfs status` prints: the mount, where there is one, and a line for each space.
std::string shown_status(const Json& status);

// Its lines about the index of texts; `failed` are the first of those.
std::string shown_index(const TextProgress& progress, const std::vector<FailedFile>& failed);

// What `vexfs inspect store` prints: everything that is known of the store and its spaces.
std::string shown_store(const Json& status);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_PRINTING_STATUS_TEXT_H_
