// Asks for the list page by page, each after the last path of the page before.
#include "cli/tree/failed_files.h"

#include "base/limits.h"
#include "base/text_writer.h"
#include "cli/tree/reply.h"

namespace vexfs::cli {

bool each_failed_file(TreeClient& tree, FunctionRef<bool(const FailedFile&)> visit,
                      std::string& problem) {
  for (std::string after;;) {
    std::string request;
    TextWriter(request).text("{\"failures\":{\"after\":").json(after).text(",\"limit\":");
    TextWriter(request).number(limits::kListedFilesMax).text("}}");
    const Reply reply = reply_of(tree.control(request));
    problem = reply.problem;
    if (!reply.ok()) return false;
    const std::string before = after;
    for (const Json& file : array_in(reply.json, "failures")) {
      after = text_in(file, "path");
      if (!visit({after, text_in(file, "state"), text_in(file, "why")})) return true;
    }
    // A page that brings nothing new would be asked for again for ever.
    if (!flag_in(reply.json, "more") || after == before) return true;
  }
}

}  // namespace vexfs::cli
