// vexfs status
#include <cstdio>

#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/reply.h"
#include "cli/status_text.h"
#include "cli/tree_client.h"

namespace vexfs::cli {

int run_status(const std::string& path, bool json) {
  const OpenedTree tree = open_tree(directory_of(path));
  if (tree.client == nullptr) return fail(tree.problem);
  const Reply reply = reply_of(tree.client->status());
  if (!reply.ok()) return fail(path + ": " + reply.problem);
  std::fputs(json ? reply.text.c_str() : shown_status(reply.json).c_str(), stdout);
  return kExitOk;
}

}  // namespace vexfs::cli
