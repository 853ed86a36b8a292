// vexfs similar: files like a file, below the current directory, or else below the file's own.
#include <cerrno>

#include "cli/commands.h"
#include "cli/index_wait.h"
#include "cli/search_request.h"
#include "cli/search_tree.h"
#include "cli/tree/paths.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

int run_similar(SearchArguments arguments) {
  const std::string file = real_path(arguments.like);
  if (file.empty()) return fail(arguments.like, errno);
  engine::Query query;
  std::string problem;
  if (!search_request(arguments, query, problem)) return fail(problem);
  const bool chosen = !arguments.directory.empty();
  if (!chosen) arguments.directory = '.';
  const std::string directory = real_path(arguments.directory);
  if (directory.empty()) return fail(arguments.directory, errno);
  // Where the current directory is outside of any tree, such as its parent, it cannot be meant.
  if (chosen || lies_in_tree(arguments.directory)) query.like = path_below(directory, file);
  if (query.like.empty() && chosen) {
    return fail(arguments.like + " is not below " + arguments.directory);
  }
  if (query.like.empty()) {
    const size_t slash = arguments.like.rfind('/');
    arguments.directory =
        slash == std::string::npos ? std::string(".") : arguments.like.substr(0, slash + 1);
    query.like = path_below(real_path(arguments.directory), file);
    // The file's real path is elsewhere: its name is a link.
    if (query.like.empty()) return fail(arguments.like + ": name the file itself, not a link");
  }
  const OpenedTree tree = open_tree(arguments.directory);
  if (tree.client == nullptr) return fail(tree.problem);
  if (!tree.client->mounted()) {
    open_index(*tree.client);
    Progress progress(arguments.json, "files");
    TextProgress last;
    (void)wait_for_index(*tree.client, progress, kIndexWaitMax, last, problem);
  }
  return search_tree(*tree.client, query, arguments);
}

}  // namespace vexfs::cli
