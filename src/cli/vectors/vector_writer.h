// VectorWriter: files of vectors, written a row at a time.
#ifndef VEXFS_CLI_VECTORS_VECTOR_WRITER_H_
#define VEXFS_CLI_VECTORS_VECTOR_WRITER_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/file_io.h"
#include "base/status.h"
#include "cli/vectors/npy_header.h"
#include "cli/vectors/output_file.h"
#include "cli/vectors/vector_reader.h"

namespace vexfs::cli {

// npy and fvecs hold no paths: these go to `<name>.paths` beside, one a line. Nothing is under its
// name before finish(). Not thread-safe.
class VectorWriter {
 public:
  static Result<VectorWriter> create(FileIo& io, VectorFormat format, const std::string& name,
                                     uint32_t dim);

  // EINVAL for a path with a newline, which only jsonl can hold.
  Status append(std::string_view path, std::span<const float> vector);
  Status finish();
  uint64_t rows() const { return shape_.rows; }

 private:
  VectorWriter(VectorFormat format, OutputFile file, uint32_t dim);

  VectorFormat format_;
  OutputFile file_;
  std::optional<OutputFile> paths_;
  NpyShape shape_;
  std::string line_;
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_VECTOR_WRITER_H_
