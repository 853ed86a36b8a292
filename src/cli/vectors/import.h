// Import: rows of a file of vectors become vectors of files.
#ifndef VEXFS_CLI_VECTORS_IMPORT_H_
#define VEXFS_CLI_VECTORS_IMPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/function_ref.h"
#include "base/status.h"
#include "cli/tree/space_info.h"
#include "cli/tree/tree_client.h"
#include "cli/vectors/vector_reader.h"

namespace vexfs::cli {

struct ImportError {
  uint64_t row = 0;  // VectorRow::number of the first row that it is about.
  std::string path;  // May be empty.
  std::string sentence;
};

struct ImportCounts {
  uint64_t rows = 0;       // That were read.
  uint64_t files = 0;      // That got their vectors.
  uint64_t unchanged = 0;  // Files that had exactly these already.
  uint64_t failed = 0;     // Rows.
  bool interrupted = false;
};

struct ImportPlan {
  SpaceInfo space;
  bool keep_going = false;  // After a row that fails; otherwise the first one ends the import.
  // The path for the next row, where the reader holds none; nothing when there are no more.
  FunctionRef<Result<std::optional<std::string>>()> next_path;
  FunctionRef<void(const ImportError&)> tell;
  // Called after each row, for progress; false: stop here.
  FunctionRef<bool(const ImportCounts&)> go_on;
};

// Rows that follow each other and have the same path are the vectors of that file.
//
// A file that has exactly these vectors already is left alone: an import that was interrupted goes
// on where it stopped when it is started again, and needs no record of its own for that. A Status
// is a failure of the file, of the store or of the disk, which end every import.
Result<ImportCounts> import_vectors(TreeClient& tree, VectorReader& reader, const ImportPlan& plan);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_IMPORT_H_
