// vexfs sync: waits until all changes are indexed and on the disk.
#include "cli/commands.h"
#include "cli/index_wait.h"
#include "cli/interrupt.h"
#include "cli/tree/paths.h"
#include "cli/tree/reply.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

int run_sync(const std::string& path, bool quiet) {
  const OpenedTree tree = open_tree(directory_of(path));
  if (tree.client == nullptr) return fail(tree.problem);
  open_index(*tree.client);
  const Interrupt interrupt;
  Progress progress(quiet, "files");
  TextProgress last;
  std::string problem;
  const IndexWait waited = wait_for_index(*tree.client, progress, kNoTimeout, last, problem);
  progress.clear();
  if (waited == IndexWait::kFailed) return fail(problem);
  if (waited == IndexWait::kInterrupted) {
    return fail("interrupted: " + progress_sentence(last) +
                (tree.client->mounted() ? "; the mount goes on" : ""));
  }
  // Everything that changed before this request is durable when its reply comes.
  const Reply reply = reply_of(tree.client->control("{\"sync\":true}"));
  return reply.ok() ? kExitOk : fail(reply.problem);
}

}  // namespace vexfs::cli
