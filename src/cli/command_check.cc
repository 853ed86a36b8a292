// vexfs check: opens the store of an unmounted source and compares its parts with each other.
#include <fcntl.h>

#include <cstdio>

#include "base/fd.h"
#include "cli/commands.h"
#include "cli/tree/mounted_tree_client.h"
#include "cli/tree/paths.h"
#include "cli/tree/source_of.h"
#include "engine/engine.h"
#include "tree/source_tree.h"

namespace vexfs::cli {
namespace {

// Why the store cannot be checked now; empty if it can. A mounted store changes while it is read.
std::string why_not(const std::string& source, const Fd& directory) {
  if (MountedTreeClient::answers(directory)) return "it is mounted; vexfs unmount it first";
  const auto mountpoint = mountpoint_of(source);
  if (mountpoint.has_value()) {
    return "it is mounted on " + *mountpoint + "; vexfs unmount that first";
  }
  return has_store(source) ? std::string() : "it has no vectors, and no store to check";
}

void print_lines(const char* kind, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) std::printf("%s: %s\n", kind, line.c_str());
}

}  // namespace

int run_check(const std::string& source, bool repair) {
  Fd directory(::open(source.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return fail(source, errno);
  const std::string refused = why_not(real_path(source), directory);
  if (!refused.empty()) return fail(source + ": " + refused);
  auto tree = tree::SourceTree::create(std::move(directory));
  if (!tree.ok()) return fail(source + ": " + tree.status().what(), tree.error());
  const auto result = engine::Engine::check(*tree.value(), repair);
  if (result.error() == EBUSY) return fail(source + ": another program has the store open");
  if (!result.ok()) return fail(source + ": " + result.status().what(), result.error());
  print_lines("damaged", result.value().damage);
  print_lines(repair ? "rebuilt" : "to be rebuilt", result.value().rebuilt);
  const bool good = result.value().damage.empty() && (repair || result.value().rebuilt.empty());
  return good ? kExitOk : kExitNone;
}

}  // namespace vexfs::cli
