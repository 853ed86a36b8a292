// vexfs sync
#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/reply.h"
#include "cli/tree_client.h"

namespace vexfs::cli {

int run_sync(const std::string& path) {
  const OpenedTree tree = open_tree(directory_of(path));
  if (tree.client == nullptr) return fail(tree.problem);
  const Reply reply = reply_of(tree.client->control("{\"sync\":true}"));
  return reply.ok() ? kExitOk : fail(reply.problem);
}

}  // namespace vexfs::cli
