// Export: all vectors of a space below a directory, in the order of their files' paths.
#ifndef VEXFS_CLI_VECTORS_EXPORT_H_
#define VEXFS_CLI_VECTORS_EXPORT_H_

#include <cstdint>
#include <span>
#include <string>

#include "base/function_ref.h"
#include "base/status.h"
#include "cli/tree/space_info.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

struct ExportCounts {
  uint64_t files = 0;
  uint64_t vectors = 0;
  uint64_t unspeakable = 0;  // Files left out as their names are no UTF-8, which JSON cannot say.
  bool interrupted = false;
};

// Files that lose their vectors or go away meanwhile are left out. On failure `problem` is a
// sentence.
//
// `append` takes one vector; its failure ends the export. `go_on` is called after each file.
bool export_vectors(TreeClient& tree, const SpaceInfo& space,
                    FunctionRef<Status(const std::string& path, std::span<const float>)> append,
                    FunctionRef<bool(const ExportCounts&)> go_on, ExportCounts& counts,
                    std::string& problem);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_EXPORT_H_
