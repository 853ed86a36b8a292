// For tests and fuzz targets: bytes as an open file.
#ifndef VEXFS_CLI_VECTORS_TESTING_TEMPORARY_INPUT_H_
#define VEXFS_CLI_VECTORS_TESTING_TEMPORARY_INPUT_H_

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "base/fd.h"

namespace vexfs::cli {

// An open file in memory with these bytes, at its beginning.
inline Fd file_of(std::string_view bytes) {
  Fd file(::memfd_create("input", MFD_CLOEXEC));
  if (!file.valid() ||
      ::pwrite(file.get(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    std::abort();
  }
  return file;
}

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_TESTING_TEMPORARY_INPUT_H_
