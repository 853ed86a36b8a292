// Every bound of base/limits.h, as data. tools/limits_table.py makes the definitions from that
// file.
#ifndef VEXFS_CLI_LIMITS_TABLE_H_
#define VEXFS_CLI_LIMITS_TABLE_H_

#include <span>

namespace vexfs::cli {

struct LimitRow {
  const char* name;
  double value;      // All bounds are below 2^53.
  const char* what;  // Its comment, which the rows after it share while theirs is empty.
};

std::span<const LimitRow> limit_rows();

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_LIMITS_TABLE_H_
