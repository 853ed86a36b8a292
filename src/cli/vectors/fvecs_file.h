// fvecs files: for each vector its dimension as a 32-bit number, then the numbers; little-endian.
#ifndef VEXFS_CLI_VECTORS_FVECS_FILE_H_
#define VEXFS_CLI_VECTORS_FVECS_FILE_H_

#include <memory>
#include <vector>

#include "cli/vectors/vector_reader.h"

namespace vexfs::cli {

// All vectors of a file have the same dimension.
class FvecsReader : public VectorReader {
 public:
  // An empty file has no vectors and dimension 0.
  static Result<std::unique_ptr<VectorReader>> open(Fd fd);

  Result<Next> next(VectorRow& row) override;
  bool holds_paths() const override { return false; }
  uint32_t dim() const override { return dim_; }
  std::optional<uint64_t> rows() const override { return rows_; }
  const ByteStream& stream() const override { return stream_; }

 private:
  explicit FvecsReader(Fd fd) : stream_(std::move(fd)) {}
  // The dimension of the row that begins here; false at the end of the file.
  Result<bool> read_dim(uint32_t& dim);

  ByteStream stream_;
  uint32_t dim_ = 0;
  bool first_ = true;  // The first row's dimension was read when the file was opened.
  std::optional<uint64_t> rows_;
  uint64_t done_ = 0;
  std::vector<float> vector_;
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_FVECS_FILE_H_
