// Input of commands: a file by name, or stdin by "-".
#ifndef VEXFS_CLI_VECTORS_INPUT_H_
#define VEXFS_CLI_VECTORS_INPUT_H_

#include <cstddef>
#include <string>

#include "base/fd.h"
#include "base/status.h"

namespace vexfs::cli {

Result<Fd> open_input(const std::string& name);

// All of it; EFBIG for more than `bytes_max`.
Result<std::string> read_input(const std::string& name, size_t bytes_max);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_INPUT_H_
