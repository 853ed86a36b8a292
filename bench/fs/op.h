// Op: one thing that bench_fs can measure.
#ifndef VEXFS_BENCH_FS_OP_H_
#define VEXFS_BENCH_FS_OP_H_

#include <cstdint>
#include <span>
#include <vector>

#include "base/fd.h"
#include "options.h"

namespace vexfs::bench {

// The state of one client process from step to step. Its current directory is its working
// directory.
struct Work {
  const Options& options;
  Fd file;
  std::vector<char> buffer;
  char* mapping = nullptr;
  uint64_t random = 0x9e3779b97f4a7c15;
};

struct Op {
  const char* name;
  const char* what;
  void (*prepare)(Work&);             // Not timed; may run in another process, before a remount.
  void (*begin)(Work&);               // Not timed; runs in the measuring process.
  uint64_t (*step)(Work&, uint64_t);  // Timed; gets the operations so far, returns those added.
  void (*end)(Work&);                 // Timed; does what the operation leaves to the close.
  uint64_t bytes;                     // How many one operation moves; 0 for metadata.
};

std::span<const Op> metadata_ops();
std::span<const Op> data_ops();

// Prints what failed with errno and ends the process: a benchmark that fails has no result.
[[noreturn]] void die(const char* what, const char* name = "");

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_FS_OP_H_
