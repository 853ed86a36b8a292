// From the arguments of a search to what the tree is asked.
#ifndef VEXFS_CLI_SEARCH_REQUEST_H_
#define VEXFS_CLI_SEARCH_REQUEST_H_

#include <string>

#include "cli/commands.h"
#include "engine/query/query.h"

namespace vexfs::cli {

// Qualifiers in the query first, then the options, which win. `like` and the vector are the
// caller's. False with a sentence on failure.
bool search_request(const SearchArguments& arguments, engine::Query& query, std::string& problem);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_SEARCH_REQUEST_H_
