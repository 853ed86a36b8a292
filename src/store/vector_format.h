// The vector file's header and the places of its rows; docs/format.md#vectors.
#ifndef VEXFS_STORE_VECTOR_FORMAT_H_
#define VEXFS_STORE_VECTOR_FORMAT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/limits.h"
#include "base/status.h"
#include "base/vector_space.h"
#include "store/vector_file.h"

namespace vexfs::store {

// Little-endian, like all of the file. Zeros follow up to the first row.
struct VectorFileHeader {
  std::array<char, 8> magic;  // "VEXFSvec"
  uint32_t version;           // 1
  uint32_t dim;
  uint32_t stride_bytes;  // From a row to the next.
  uint8_t element;        // ElementType
  uint8_t metric;         // Metric
  std::array<uint8_t, 6> zeros;
  uint32_t crc32c;  // Of this struct, this field as 0.
};
static_assert(sizeof(VectorFileHeader) == 32);

inline constexpr uint32_t kVectorFileVersion = 1;

// Elements of slot 0. They start at multiples of a cache line: an AVX-512 load that lies across two
// costs twice. A row's header lies in the 32 bytes before its elements.
inline constexpr size_t kVectorFileElements = 4096;
inline constexpr size_t kCacheLineBytes = 64;

constexpr size_t vector_row_bytes(const SpaceParameters& parameters) {
  return sizeof(VectorRowHeader) + size_t{parameters.dim} * element_bytes(parameters.element);
}
constexpr size_t vector_stride(const SpaceParameters& parameters) {
  return (vector_row_bytes(parameters) + kCacheLineBytes - 1) / kCacheLineBytes * kCacheLineBytes;
}
// Where the row of `slot` starts, its header first; also the size of a file of so many rows.
constexpr uint64_t vector_row_offset(uint64_t slot, size_t stride) {
  return kVectorFileElements - sizeof(VectorRowHeader) + slot * stride;
}

VectorFileHeader make_vector_file_header(const SpaceParameters& parameters);

// EUCLEAN for what is no header or contradicts the parameters, ENOTSUP for a newer version.
Status check_vector_file_header(std::span<const std::byte> bytes,
                                const SpaceParameters& parameters);

// Of a row: its header with the field crc32c as 0, and its elements.
uint32_t vector_row_crc32c(const VectorRowHeader& header, std::span<const std::byte> elements);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_VECTOR_FORMAT_H_
