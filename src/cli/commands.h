// The commands of `vexfs`, one function each. They answer the program's exit code: 0 done, 2 not.
#ifndef VEXFS_CLI_COMMANDS_H_
#define VEXFS_CLI_COMMANDS_H_

#include <string>
#include <vector>

namespace vexfs::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitError = 2;

struct MountArguments {
  std::string source;
  std::string mountpoint;  // Empty: the source itself.
  bool foreground = false;
  std::vector<std::string> options;  // -o lists.
};
int run_mount(const MountArguments& arguments);

int run_unmount(const std::string& mountpoint, bool lazily);

int run_status(const std::string& path, bool json);

int run_inspect_limits();
int run_inspect_stack(const std::string& path, bool json);

// "vexfs: <what>: <subject>: <error>" on stderr; returns kExitError.
int fail(const std::string& what, int error = 0);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_COMMANDS_H_
