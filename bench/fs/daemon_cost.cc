// DaemonCost: /proc/PID/task/*/schedstat and status, summed.
#include "daemon_cost.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

#include "op.h"

namespace vexfs::bench {
namespace {

void add_thread(const std::filesystem::path& task, DaemonCost& cost) {
  uint64_t cpu_ns = 0;
  if (std::ifstream(task / "schedstat") >> cpu_ns) cost.cpu_ns += cpu_ns;
  std::ifstream status(task / "status");
  for (std::string word; status >> word;) {
    uint64_t switches = 0;
    if (word.find("ctxt_switches:") != std::string::npos && status >> switches)
      cost.switches += switches;
  }
  ++cost.threads;
}

}  // namespace

DaemonCost operator-(const DaemonCost& after, const DaemonCost& before) {
  return {after.cpu_ns - std::min(after.cpu_ns, before.cpu_ns),
          after.switches - std::min(after.switches, before.switches), after.threads};
}

DaemonCost daemon_cost(pid_t pid) {
  DaemonCost cost;
  if (pid == 0) return cost;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator(tasks, error))
    add_thread(task.path(), cost);
  if (cost.threads == 0) {
    errno = ESRCH;
    die("--daemon", tasks.c_str());
  }
  return cost;
}

}  // namespace vexfs::bench
