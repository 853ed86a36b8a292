// Rows of an fvecs file. The format has no header: the first row's dimension is the file's, and the
// file's size must be a whole number of such rows.
#include "cli/vectors/fvecs_file.h"

#include "base/limits.h"

namespace vexfs::cli {

Result<bool> FvecsReader::read_dim(uint32_t& dim) {
  VEXFS_TRY(read, stream_.read(std::as_writable_bytes(std::span(&dim, 1))));
  if (!read) return false;
  if (dim == 0 || dim > limits::kDimMax) {
    return Status(EINVAL, "a vector that is not of 1 to 4096 numbers; is this an fvecs file?");
  }
  return true;
}

Result<std::unique_ptr<VectorReader>> FvecsReader::open(Fd fd) {
  std::unique_ptr<FvecsReader> reader(new FvecsReader(std::move(fd)));
  VEXFS_TRY(any, reader->read_dim(reader->dim_));
  const std::optional<uint64_t> size = reader->stream_.size();
  if (!any) {
    reader->rows_ = 0;
  } else if (size.has_value()) {
    const uint64_t row_bytes = sizeof(uint32_t) + reader->dim_ * sizeof(float);
    if (*size % row_bytes != 0) {
      return Status(EINVAL, "the file is not a whole number of vectors of the first one's length");
    }
    reader->rows_ = *size / row_bytes;
  }
  reader->vector_.resize(reader->dim_);
  return std::unique_ptr<VectorReader>(std::move(reader));
}

Result<VectorReader::Next> FvecsReader::next(VectorRow& row) {
  if (dim_ == 0) return Next::kEnd;
  if (!first_) {
    uint32_t dim = 0;
    VEXFS_TRY(any, read_dim(dim));
    if (!any) return Next::kEnd;
    if (dim != dim_) return Status(EINVAL, "the vectors of the file have different dimensions");
  }
  first_ = false;
  VEXFS_TRY(read, stream_.read(std::as_writable_bytes(std::span(vector_))));
  if (!read) return Status(ENODATA, "the file ends in the middle of a row");
  row = {++done_, {}, vector_};
  return Next::kRow;
}

}  // namespace vexfs::cli
