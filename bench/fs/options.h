// Options: the command line of bench_fs.
#ifndef VEXFS_BENCH_FS_OPTIONS_H_
#define VEXFS_BENCH_FS_OPTIONS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace vexfs::bench {

struct Options {
  std::string op;
  std::string dir;
  std::string source;                  // Where to prepare and clean: `dir`, or what it shows.
  std::string work;                    // Name of the working directory in both.
  uint64_t count = 1000;               // Operations per client.
  uint64_t file_bytes = 256ULL << 20;  // Size of the data operations' file.
  uint64_t clients = 1;                // Processes that run the operation at once.
  uint64_t seconds_max = 3600;         // Stop earlier than --count after this time.
  pid_t daemon = 0;                    // Process whose CPU time is charged to the operations.
  bool prepare = true;                 // Make the files that the operation needs.
  bool measure = true;
  bool clean = true;             // Remove the working directory.
  bool drop_file_cache = false;  // Data: drop the page cache of the opened file first.
  bool each = true;              // Time each operation, not only the whole loop.
  bool json = false;
};

// Prints usage and exits for --help and for arguments that make no sense.
Options parse_options(int argc, char** argv);

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_FS_OPTIONS_H_
