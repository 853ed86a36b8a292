// Matrix: vectors of a data set's file, mapped.
#ifndef VEXFS_BENCH_ANN_MATRIX_H_
#define VEXFS_BENCH_ANN_MATRIX_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/status.h"

namespace vexfs::bench {

// An fbin file: u32 rows, u32 dim, rows * dim floats; little-endian. Move-only, read-only.
class Matrix {
 public:
  // EUCLEAN when the size does not fit the header, or the header the product's limits.
  static Result<Matrix> open(const std::string& path);
  Matrix(Matrix&& other) noexcept;
  Matrix& operator=(Matrix&& other) noexcept;
  ~Matrix();

  size_t rows() const { return rows_; }
  size_t dim() const { return dim_; }
  const float* row(size_t i) const { return values_ + i * dim_; }

 private:
  Matrix() = default;

  void* mapping_ = nullptr;
  size_t mapping_bytes_ = 0;
  size_t rows_ = 0;
  size_t dim_ = 0;
  const float* values_ = nullptr;
};

// Writes such a file, row by row.
class MatrixWriter {
 public:
  static Result<MatrixWriter> create(const std::string& path, size_t rows, size_t dim);
  MatrixWriter(MatrixWriter&& other) noexcept;
  MatrixWriter& operator=(MatrixWriter&& other) = delete;
  ~MatrixWriter();

  Status add(const float* row);
  // Writes out what is buffered, and closes the file. EINVAL unless `rows` rows were appended.
  Status finish();

 private:
  MatrixWriter() = default;

  void* file_ = nullptr;
  size_t rows_left_ = 0;
  size_t dim_ = 0;
};

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_ANN_MATRIX_H_
