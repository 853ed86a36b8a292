// Mapped vectors, and the writer of their file.
#include "matrix.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/fd.h"
#include "base/limits.h"

namespace vexfs::bench {
namespace {

using Header = std::array<uint32_t, 2>;  // Rows, dim.

}  // namespace

Result<Matrix> Matrix::open(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return errno_status("open vectors");
  struct stat file {};
  if (::fstat(fd.get(), &file) != 0) return errno_status("stat vectors");
  const auto bytes = static_cast<size_t>(file.st_size);
  if (bytes < sizeof(Header)) return Status(EUCLEAN, "vectors: no header");

  Matrix matrix;
  matrix.mapping_ = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, fd.get(), 0);
  if (matrix.mapping_ == MAP_FAILED) {
    matrix.mapping_ = nullptr;
    return errno_status("map vectors");
  }
  matrix.mapping_bytes_ = bytes;
  Header header;
  std::memcpy(header.data(), matrix.mapping_, sizeof(header));
  matrix.rows_ = header[0];
  matrix.dim_ = header[1];
  matrix.values_ =
      reinterpret_cast<const float*>(static_cast<const char*>(matrix.mapping_) + sizeof(Header));
  if (matrix.dim_ == 0 || matrix.dim_ > limits::kDimMax || matrix.rows_ > limits::kSlotsMax)
    return Status(EUCLEAN, "vectors: a size beyond the limits");
  if (bytes != sizeof(Header) + matrix.rows_ * matrix.dim_ * sizeof(float))
    return Status(EUCLEAN, "vectors: header and size disagree");
  return matrix;
}

Matrix::Matrix(Matrix&& other) noexcept { *this = std::move(other); }

Matrix& Matrix::operator=(Matrix&& other) noexcept {
  std::swap(mapping_, other.mapping_);
  std::swap(mapping_bytes_, other.mapping_bytes_);
  std::swap(rows_, other.rows_);
  std::swap(dim_, other.dim_);
  std::swap(values_, other.values_);
  return *this;
}

Matrix::~Matrix() {
  if (mapping_ != nullptr) ::munmap(mapping_, mapping_bytes_);
}

Result<MatrixWriter> MatrixWriter::create(const std::string& path, size_t rows, size_t dim) {
  MatrixWriter writer;
  std::FILE* file = std::fopen(path.c_str(), "wbe");
  if (file == nullptr) return errno_status("create vectors");
  writer.file_ = file;
  writer.rows_left_ = rows;
  writer.dim_ = dim;
  const Header header = {static_cast<uint32_t>(rows), static_cast<uint32_t>(dim)};
  if (std::fwrite(header.data(), sizeof(header), 1, file) != 1)
    return errno_status("write vectors");
  return writer;
}

MatrixWriter::MatrixWriter(MatrixWriter&& other) noexcept
    : file_(std::exchange(other.file_, nullptr)), rows_left_(other.rows_left_), dim_(other.dim_) {}

MatrixWriter::~MatrixWriter() {
  if (file_ != nullptr) std::fclose(static_cast<std::FILE*>(file_));
}

Status MatrixWriter::add(const float* row) {
  if (rows_left_ == 0) return Status(EINVAL, "write vectors: more rows than were announced");
  --rows_left_;
  if (std::fwrite(row, sizeof(float), dim_, static_cast<std::FILE*>(file_)) != dim_)
    return errno_status("write vectors");
  return {};
}

Status MatrixWriter::finish() {
  if (rows_left_ != 0) return Status(EINVAL, "write vectors: fewer rows than were announced");
  if (std::fclose(static_cast<std::FILE*>(std::exchange(file_, nullptr))) != 0)
    return errno_status("write vectors");
  return {};
}

}  // namespace vexfs::bench
