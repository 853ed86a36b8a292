// npy files of vectors, one a row.
#ifndef VEXFS_CLI_VECTORS_NPY_FILE_H_
#define VEXFS_CLI_VECTORS_NPY_FILE_H_

#include <memory>
#include <vector>

#include "cli/vectors/npy_header.h"
#include "cli/vectors/vector_reader.h"

namespace vexfs::cli {

class NpyReader : public VectorReader {
 public:
  // EINVAL with a sentence; ENODATA for a regular file that is shorter than its header says.
  static Result<std::unique_ptr<VectorReader>> open(Fd fd);

  Result<Next> next(VectorRow& row) override;
  bool holds_paths() const override { return false; }
  uint32_t dim() const override { return shape_.dim; }
  std::optional<uint64_t> rows() const override { return shape_.rows; }
  const ByteStream& stream() const override { return stream_; }

 private:
  NpyReader(ByteStream stream, const NpyShape& shape);

  ByteStream stream_;
  NpyShape shape_;
  uint64_t done_ = 0;
  std::vector<std::byte> bytes_;  // One row as it is stored, where that is not float32.
  std::vector<float> vector_;
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_NPY_FILE_H_
