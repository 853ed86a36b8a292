// vexfs inspect: what is bounded, and how far the bounds are used.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/find_mount.h"
#include "cli/paths.h"
#include "cli/reply.h"
#include "cli/status_text.h"
#include "cli/tree_client.h"
#include "fs/operation.h"
#include "fs/surface_reports.h"

namespace vexfs::cli {
namespace {

struct Row {
  const char* name;
  size_t value;
  const char* unit;
};

constexpr Row kLimits[] = {
    {"kRequestStackBytes", limits::kRequestStackBytes, "bytes, any request"},
    {"kFsOperationStackBytes", limits::kFsOperationStackBytes, "bytes, filesystem operations"},
    {"kThreadStackBytesMin", limits::kThreadStackBytesMin, "bytes"},
    {"kThreadStackBytesDefault", limits::kThreadStackBytesDefault, "bytes"},
    {"kThreadStackOverheadBytes", limits::kThreadStackOverheadBytes, "bytes"},
    {"kStackRedZoneBytes", limits::kStackRedZoneBytes, "bytes"},
    {"kStackWindowBytes", limits::kStackWindowBytes, "bytes"},
    {"kNameBytesMax", limits::kNameBytesMax, "bytes"},
    {"kXattrNameBytesMax", limits::kXattrNameBytesMax, "bytes"},
    {"kXattrValueBytesMax", limits::kXattrValueBytesMax, "bytes"},
    {"kSymlinkBytesMax", limits::kSymlinkBytesMax, "bytes"},
    {"kNodesMax", limits::kNodesMax, "inodes"},
    {"kCachedDirectoriesMax", limits::kCachedDirectoriesMax, "descriptors"},
    {"kPinnedNodesMax", limits::kPinnedNodesMax, "descriptors"},
    {"kOpenFilesMax", limits::kOpenFilesMax, "open files"},
    {"kBackingMountsMax", limits::kBackingMountsMax, "filesystems"},
    {"kThreadsDefault", limits::kThreadsDefault, "threads"},
    {"kThreadsMax", limits::kThreadsMax, "threads"},
    {"kDataBytesMax", limits::kDataBytesMax, "bytes"},
    {"kDirectoryBufferBytes", limits::kDirectoryBufferBytes, "bytes"},
    {"kReportsWaitingMax", limits::kReportsWaitingMax, "reports"},
    {"kReportBytesMax", limits::kReportBytesMax, "bytes"},
    {"kLogRecordsMax", limits::kLogRecordsMax, "records"},
    {"kOptionSecondsMax", limits::kOptionSecondsMax, "seconds"},
};

// "-" where there is no figure.
std::string figure(uint64_t bytes) { return bytes == 0 ? "-" : std::to_string(bytes); }

}  // namespace

int run_inspect_limits() {
  for (const Row& row : kLimits) std::printf("%-28s %12zu  %s\n", row.name, row.value, row.unit);
  return kExitOk;
}

int run_inspect_stack(const std::string& path, bool json) {
  const auto text = read_surface(path, "stack");
  if (json) {
    if (!text.ok()) return fail(path + ": " + text.status().what(), text.error());
    std::fputs(text.value().c_str(), stdout);
    return kExitOk;
  }
  const auto report =
      nlohmann::json::parse(text.ok() ? text.value() : std::string("{}"), nullptr, false);
  std::printf("bytes of stack from a handler's entry; the budget is %zu, of %zu for any request\n",
              limits::kFsOperationStackBytes, limits::kRequestStackBytes);
  if (!text.ok()) std::printf("(%s is in no mount: nothing is measured)\n", path.c_str());
  std::printf("%-18s %8s %9s\n", "operation", "proved", "measured");
  for (uint32_t i = 0; i < fs::kOperationCount; ++i) {
    const char* name = fs::operation_name(static_cast<fs::Operation>(i));
    uint64_t measured = 0;
    if (report.contains("operations") && report["operations"].contains(name)) {
      measured = report["operations"][name].value("measured", uint64_t{0});
    }
    std::printf("%-18s %8s %9s\n", name, figure(fs::proved_stack_bytes(name)).c_str(),
                figure(measured).c_str());
  }
  return kExitOk;
}

int run_inspect_store(const std::string& path, bool json) {
  const OpenedTree tree = open_tree(directory_of(path));
  if (tree.client == nullptr) return fail(tree.problem);
  const Reply reply = reply_of(tree.client->status());
  if (!reply.ok()) return fail(path + ": " + reply.problem);
  if (json) {
    const Json report = {{"store", member(reply.json, "store")},
                         {"spaces", member(reply.json, "spaces")}};
    std::printf("%s\n", report.dump().c_str());
    return kExitOk;
  }
  std::fputs(shown_store(reply.json).c_str(), stdout);
  return kExitOk;
}

}  // namespace vexfs::cli
