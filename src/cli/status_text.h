// The mount's status for people.
#ifndef VEXFS_CLI_STATUS_TEXT_H_
#define VEXFS_CLI_STATUS_TEXT_H_

#include <string>

#include "cli/json_fields.h"

namespace vexfs::cli {

// What `vexfs status` prints: the mount, where there is one, and a line for each space.
std::string shown_status(const Json& status);

// What `vexfs inspect store` prints: everything that is known of the store and its spaces.
std::string shown_store(const Json& status);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_STATUS_TEXT_H_
