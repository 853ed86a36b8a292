// The end that search and similar have in common.
#ifndef VEXFS_CLI_SEARCH_TREE_H_
#define VEXFS_CLI_SEARCH_TREE_H_

#include "cli/commands.h"
#include "cli/tree/tree_client.h"
#include "engine/query/query.h"

namespace vexfs::cli {

// Asks, and prints what comes. The exit code.
int search_tree(TreeClient& tree, const engine::Query& query, const SearchArguments& arguments);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_SEARCH_TREE_H_
