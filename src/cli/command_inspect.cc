// vexfs inspect: what is bounded, and how far the bounds are used.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/limits_table.h"
#include "cli/printing/status_text.h"
#include "cli/tree/find_mount.h"
#include "cli/tree/paths.h"
#include "cli/tree/reply.h"
#include "cli/tree/tree_client.h"
#include "fs/measure/operation.h"
#include "fs/measure/stack_bounds.h"
#include "fs/requests/surface_reports.h"

namespace vexfs::cli {
namespace {

// The number, or "-" where it is 0 because nothing was proved or measured.
std::string figure(uint64_t bytes) { return bytes == 0 ? "-" : std::to_string(bytes); }

void print_stack_row(const char* name, uint64_t proved, uint64_t measured) {
  std::printf("%-24s %8s %9s\n", name, figure(proved).c_str(), figure(measured).c_str());
}

bool is_operation(std::string_view name) {
  for (uint32_t i = 0; i < fs::kOperationCount; ++i) {
    if (name == fs::operation_name(static_cast<fs::Operation>(i))) return true;
  }
  return false;
}

}  // namespace

int run_inspect_limits() {
  for (const LimitRow& row : limit_rows()) {
    for (std::string_view rest = row.what; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      std::printf("# %.*s\n", static_cast<int>(line.size()), line.data());
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    std::printf("%-28s %.16g\n", row.name, row.value);
  }
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
  std::printf("%-24s %8s %9s\n", "operation", "proved", "measured");
  for (uint32_t i = 0; i < fs::kOperationCount; ++i) {
    const char* name = fs::operation_name(static_cast<fs::Operation>(i));
    uint64_t measured = 0;
    if (report.contains("operations") && report["operations"].contains(name)) {
      measured = report["operations"][name].value("measured", uint64_t{0});
    }
    print_stack_row(name, fs::proved_stack_bytes(name), measured);
  }
  if (fs::proved_stack_bounds().empty()) return kExitOk;
  std::printf("\nsearches, on threads of their own; the budget is %zu\n",
              limits::kSearchStackBytes);
  for (const fs::StackBound& bound : fs::proved_stack_bounds()) {
    if (!is_operation(bound.operation)) print_stack_row(bound.operation, bound.bytes, 0);
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
