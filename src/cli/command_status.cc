// vexfs status: the report of the mount or of the engine, and the state of the index of texts.
#include <cstdio>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/printing/display.h"
#include "cli/printing/status_text.h"
#include "cli/printing/text_progress.h"
#include "cli/tree/failed_files.h"
#include "cli/tree/paths.h"
#include "cli/tree/reply.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {
namespace {

constexpr uint32_t kFailedShown = 3;

int list_failed(TreeClient& tree, const std::string& directory) {
  std::string text;
  std::string problem;
  const bool listed = each_failed_file(
      tree,
      [&](const FailedFile& file) {
        text += shown_path(directory, file.path) + ": " + file.state + ": " + file.why + "\n";
        return true;
      },
      problem);
  if (!listed) return fail(problem);
  return print(text, text.empty() ? kExitNone : kExitOk);
}

// The lines about the index of texts, with the first failures; none for a tree that was never
// indexed.
std::string text_lines(TreeClient& tree, const std::string& directory) {
  bool indexed = false;
  TextProgress progress;
  std::string problem;
  if (!ask_indexed(tree, indexed, problem) || !indexed) return {};
  if (!ask_progress(tree, progress, problem)) return {};
  std::vector<FailedFile> failed;
  if (progress.failed != 0) {
    (void)each_failed_file(
        tree,
        [&](const FailedFile& file) {
          if (file.state == "failed") failed.push_back(file);
          return failed.size() < kFailedShown;
        },
        problem);
  }
  for (FailedFile& file : failed) file.path = shown_path(directory, file.path);
  return shown_index(progress, failed);
}

}  // namespace

int run_status(const StatusArguments& arguments) {
  const std::string directory = directory_of(arguments.path);
  const OpenedTree tree = open_tree(directory);
  if (tree.client == nullptr) return fail(tree.problem);
  open_index(*tree.client);
  if (arguments.failed) return list_failed(*tree.client, directory);
  const Reply reply = reply_of(tree.client->status());
  if (!reply.ok()) return fail(arguments.path + ": " + reply.problem);
  if (arguments.json) return print(reply.text, kExitOk);
  return print(shown_status(reply.json) + text_lines(*tree.client, directory), kExitOk);
}

}  // namespace vexfs::cli
