// The request to control for an embedder, as the command line names it.
#ifndef VEXFS_CLI_EMBEDDER_REQUEST_H_
#define VEXFS_CLI_EMBEDDER_REQUEST_H_

#include <string>

#include "cli/commands.h"

namespace vexfs::cli {

// Empty where none is named. False with a sentence for what cannot be one.
bool embedder_request(const EmbedderArguments& arguments, std::string& request,
                      std::string& problem);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_EMBEDDER_REQUEST_H_
