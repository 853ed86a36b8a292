// OutputFile: a file that appears whole, under its name, or not at all.
#ifndef VEXFS_CLI_VECTORS_OUTPUT_FILE_H_
#define VEXFS_CLI_VECTORS_OUTPUT_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/durable_file.h"
#include "base/fd.h"
#include "base/file_io.h"
#include "base/status.h"

namespace vexfs::cli {

// Written through one buffer to `<path>.new`, which close() syncs and renames. Without close() that
// file is removed again. Not thread-safe.
class OutputFile {
 public:
  static Result<OutputFile> create(FileIo& io, const std::string& path);
  OutputFile(OutputFile&&) = default;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  Status append(std::string_view bytes);
  // Over what was written at the beginning of the file.
  Status rewrite_start(std::string_view bytes);
  Status close();

 private:
  OutputFile(FileIo& io, Fd directory, std::string name, Fd file);
  Status write_out();

  FileIo* io_;
  Fd directory_;
  std::string name_;
  DurableFile file_;
  std::string buffer_;
  uint64_t written_ = 0;
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_OUTPUT_FILE_H_
