// How commands fail. What was printed comes out first, so that the sentence is the last line.
#include <cstdio>
#include <cstring>

#include "cli/commands.h"

namespace vexfs::cli {

int fail(const std::string& what, int error) {
  std::fflush(stdout);
  if (error == 0) {
    std::fprintf(stderr, "vexfs: %s\n", what.c_str());
  } else {
    std::fprintf(stderr, "vexfs: %s: %s\n", what.c_str(), std::strerror(error));
  }
  return kExitError;
}

}  // namespace vexfs::cli
