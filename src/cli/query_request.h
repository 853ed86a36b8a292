// What a query file is asked, as JSON.
#ifndef VEXFS_CLI_QUERY_REQUEST_H_
#define VEXFS_CLI_QUERY_REQUEST_H_

#include <string>

#include "engine/query/query_json.h"

namespace vexfs::cli {

// What is as if it had not been given is left out; `dups` is no part of it.
std::string to_json(const engine::QueryRequest& request);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_QUERY_REQUEST_H_
