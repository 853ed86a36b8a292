// The header of npy files, NumPy's format for one array: versions 1, 2 and 3.
#ifndef VEXFS_CLI_VECTORS_NPY_HEADER_H_
#define VEXFS_CLI_VECTORS_NPY_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "base/vector_space.h"

namespace vexfs::cli {

// File: 6 bytes magic, 2 bytes version, the text's length (2 bytes little-endian, 4 from version
// 2), the text: a Python dictionary in ASCII (UTF-8 in version 3) and blanks up to a newline.
inline constexpr size_t kNpyMagicBytes = 8;  // Magic and version.
inline constexpr std::string_view kNpyMagic("\x93NUMPY", 6);

// Bytes of the length that follows `magic` (kNpyMagicBytes of them). EINVAL for what is no npy file
// or of an unknown version.
Result<size_t> npy_length_bytes(std::string_view magic);

struct NpyShape {
  ElementType element = ElementType::kF32;
  uint64_t rows = 0;
  uint32_t dim = 0;
};

// The text as far as VexFS can use such arrays: little-endian float32 or float16, C order, two
// dimensions, within limits::kSlotsMax and kDimMax. EINVAL with a sentence for all else.
Result<NpyShape> parse_npy_text(std::string_view text);

// Header of version 1, magic included, of always the same length.
std::string make_npy_header(const NpyShape& shape);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_NPY_HEADER_H_
