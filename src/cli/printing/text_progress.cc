// Members that are missing are 0: an older mount can be asked.
#include "cli/printing/text_progress.h"

#include <vector>

#include "cli/printing/display.h"
#include "cli/tree/reply.h"
#include "cli/tree/space_info.h"

namespace vexfs::cli {

double fraction_of(const TextProgress& progress) {
  const uint64_t whole = progress.done() + progress.pending;
  if (progress.scanning || whole == 0) return -1;
  return static_cast<double>(progress.done()) / static_cast<double>(whole);
}

TextProgress parse_progress(const Json& reply) {
  const Json& json = member(reply, "progress");
  TextProgress progress;
  progress.indexing = flag_in(json, "indexing");
  progress.scanning = flag_in(json, "scanning");
  progress.documents = number_in(json, "documents");
  progress.passages = number_in(json, "passages");
  progress.pending = number_in(json, "pending");
  progress.failed = number_in(json, "failed");
  progress.skipped = number_in(json, "skipped");
  progress.files_per_second = real_in(json, "files_per_second");
  progress.seconds_left = real_in(json, "seconds_left");
  progress.trouble = text_in(json, "trouble");
  progress.warning = text_in(json, "warning");
  if (const Json& change = member(json, "switching"); change.is_object()) {
    progress.change = TextProgress::Switch{.to = text_in(change, "to"),
                                           .documents = number_in(change, "documents"),
                                           .of = number_in(change, "of"),
                                           .files_per_second = real_in(change, "files_per_second"),
                                           .seconds_left = real_in(change, "seconds_left"),
                                           .trouble = text_in(change, "trouble")};
  }
  return progress;
}

bool ask_progress(TreeClient& tree, TextProgress& progress, std::string& problem) {
  const Reply reply = reply_of(tree.control("{\"progress\":true}"));
  progress = parse_progress(reply.json);
  problem = reply.problem;
  return reply.ok();
}

bool ask_indexed(TreeClient& tree, bool& indexed, std::string& problem) {
  std::vector<SpaceInfo> spaces;
  if (!list_spaces(tree, spaces, problem)) return false;
  indexed = false;
  for (const SpaceInfo& space : spaces) indexed = indexed || space.filler == "embedder";
  return true;
}

void open_index(TreeClient& tree) {
  bool indexed = false;
  std::string problem;
  if (tree.mounted() || !ask_indexed(tree, indexed, problem) || !indexed) return;
  // The engine has begun its scan when it was opened; this request waits for the scan's end.
  (void)reply_of(tree.control("{\"index\":true}"));
}

std::string switch_sentence(const TextProgress::Switch& change) {
  return grouped(change.documents) + " of " + grouped(change.of) + " files embedded by " +
         change.to;
}

std::string progress_sentence(const TextProgress& progress) {
  std::string text = grouped(progress.done());
  if (progress.pending != 0 && !progress.scanning) {
    text += " of " + grouped(progress.done() + progress.pending);
  }
  text += progress.scanning ? " files indexed so far" : " files indexed";
  if (progress.failed != 0) text += ", " + grouped(progress.failed) + " failed";
  if (progress.skipped != 0) text += ", " + grouped(progress.skipped) + " without text";
  if (progress.change.has_value()) text += "; " + switch_sentence(*progress.change);
  return text;
}

}  // namespace vexfs::cli
