// For tests: a path to write to, and what was written there.
#ifndef VEXFS_CLI_VECTORS_TESTING_TEMPORARY_OUTPUT_H_
#define VEXFS_CLI_VECTORS_TESTING_TEMPORARY_OUTPUT_H_

#include <fstream>
#include <iterator>
#include <string>

#include "base/testing/temporary_directory.h"

namespace vexfs::cli {

inline std::string path_in(const TemporaryDirectory& directory, const std::string& name) {
  return "/proc/self/fd/" + std::to_string(directory.fd().get()) + "/" + name;
}

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_TESTING_TEMPORARY_OUTPUT_H_
