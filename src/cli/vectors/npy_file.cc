// Rows of an npy file; npy_header reads the header's text.
#include "cli/vectors/npy_file.h"

#include <array>
#include <cstring>

#include "base/limits.h"
#include "kernels/float16.h"

namespace vexfs::cli {
namespace {

// Reads a part of the header, which must be there.
Status read_header_part(ByteStream& stream, std::span<std::byte> out) {
  const Result<bool> read = stream.read(out);
  if (read.error() == ENODATA || (read.ok() && !read.value())) {
    return Status(EINVAL, "this is not an npy file: it ends within the header");
  }
  return read.status();
}

}  // namespace

NpyReader::NpyReader(ByteStream stream, const NpyShape& shape)
    : stream_(std::move(stream)), shape_(shape), vector_(shape.dim) {
  if (shape_.element == ElementType::kF16) bytes_.resize(shape_.dim * size_t{2});
}

Result<std::unique_ptr<VectorReader>> NpyReader::open(Fd fd) {
  ByteStream stream(std::move(fd));
  std::array<char, kNpyMagicBytes> magic;
  VEXFS_CHECK_OK(read_header_part(stream, std::as_writable_bytes(std::span(magic))));
  VEXFS_TRY(length_bytes, npy_length_bytes({magic.data(), magic.size()}));
  std::array<std::byte, 4> length{};
  VEXFS_CHECK_OK(read_header_part(stream, std::span(length).first(length_bytes)));
  uint32_t text_bytes = 0;
  for (size_t i = 0; i < length.size(); ++i) {
    text_bytes |= std::to_integer<uint32_t>(length[i]) << (8 * i);
  }
  if (text_bytes > limits::kNpyHeaderBytesMax) {
    return Status(EINVAL, "the npy header is too long");
  }
  std::string text(text_bytes, '\0');
  VEXFS_CHECK_OK(read_header_part(stream, std::as_writable_bytes(std::span(text))));
  VEXFS_TRY(shape, parse_npy_text(text));
  // This is at most 2^26 x 4096 x 4, so it does not overflow.
  const uint64_t data = shape.rows * shape.dim * element_bytes(shape.element);
  const std::optional<uint64_t> size = stream.size();
  if (size.has_value() && *size != stream.consumed() + data) {
    return *size < stream.consumed() + data
               ? Status(ENODATA, "the npy file is shorter than its header says")
               : Status(EINVAL, "the npy file is longer than its header says");
  }
  return std::unique_ptr<VectorReader>(new NpyReader(std::move(stream), shape));
}

Result<VectorReader::Next> NpyReader::next(VectorRow& row) {
  if (done_ == shape_.rows) return Next::kEnd;
  const bool halves = shape_.element == ElementType::kF16;
  const auto out = halves ? std::span(bytes_) : std::as_writable_bytes(std::span(vector_));
  VEXFS_TRY(read, stream_.read(out));
  if (!read) return Status(ENODATA, "the npy file is shorter than its header says");
  for (size_t i = 0; halves && i < vector_.size(); ++i) {
    uint16_t half;
    std::memcpy(&half, bytes_.data() + 2 * i, sizeof(half));
    vector_[i] = kernels::to_float(kernels::Float16{half});
  }
  row = {++done_, {}, vector_};
  return Next::kRow;
}

}  // namespace vexfs::cli
