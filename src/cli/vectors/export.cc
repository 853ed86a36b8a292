// Asks for the list of files page by page, and for each file's vectors.
#include "cli/vectors/export.h"

#include <cstring>

#include "base/json_writer.h"
#include "base/limits.h"
#include "cli/tree/reply.h"

namespace vexfs::cli {
namespace {

// U+FFFD, which the list has in place of bytes that are no UTF-8. Such a path leads nowhere.
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

std::string page_request(const std::string& space, const std::string& after) {
  std::string request;
  JsonWriter json(request);
  json.object().key("list").object();
  json.member("space", space).member("after", after).member("limit", limits::kListedFilesMax);
  json.end().end();
  return request;
}

std::string sentence_of(const std::string& path, const Status& status) {
  return path + ": " + status.what() + ": " + std::strerror(status.error());
}

}  // namespace

bool export_vectors(TreeClient& tree, const SpaceInfo& space,
                    FunctionRef<Status(const std::string& path, std::span<const float>)> append,
                    FunctionRef<bool(const ExportCounts&)> go_on, ExportCounts& counts,
                    std::string& problem) {
  std::string after;
  for (bool more = true; more;) {
    const Reply reply = reply_of(tree.control(page_request(space.name, after)));
    if (!reply.ok()) {
      problem = reply.problem;
      return false;
    }
    more = flag_in(reply.json, "more");
    const std::string before = after;
    for (const Json& file : array_in(reply.json, "files")) {
      const std::string path = text_in(file, "path");
      after = path;
      const auto vectors = tree.get_vectors(path, space.name);
      if (vectors.error() == ENOENT && path.find(kReplacement) != std::string::npos) {
        ++counts.unspeakable;
      }
      if (vectors.error() == ENOENT || vectors.error() == ENODATA) continue;
      if (!vectors.ok()) {
        problem = sentence_of(path, vectors.status());
        return false;
      }
      const std::span<const float> all = vectors.value();
      for (size_t at = 0; all.size() - at >= space.parameters.dim; at += space.parameters.dim) {
        const Status status = append(path, all.subspan(at, space.parameters.dim));
        if (!status.ok()) {
          problem = sentence_of(path, status);
          return false;
        }
        ++counts.vectors;
      }
      ++counts.files;
      if (!go_on(counts)) {
        counts.interrupted = true;
        return true;
      }
    }
    // A page that leads nowhere would be asked for again for ever.
    if (more && after <= before) {
      problem = "the list of files does not go on";
      return false;
    }
  }
  return true;
}

}  // namespace vexfs::cli
