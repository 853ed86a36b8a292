// Dot products of a query in signed 8-bit codes with rows of unsigned 8-bit codes.
#ifndef VEXFS_KERNELS_CODE_DISTANCE_H_
#define VEXFS_KERNELS_CODE_DISTANCE_H_

#include <cstddef>
#include <cstdint>

namespace vexfs::kernels {

// Rows of codes: row i starts at base + i * stride_bytes, at any alignment.
struct CodeRows {
  const std::byte* base = nullptr;
  size_t stride_bytes = 0;

  const std::byte* row(uint32_t i) const { return base + i * stride_bytes; }
};

// dots[j] = sum over i < dim of rows.row(slots[j])[i] * query[i]. Exact for dim <= 65536; nothing
// is read past the end of a row's codes or of the query.
void dot_codes(const int8_t* query, size_t dim, CodeRows rows, const uint32_t* slots, size_t count,
               int32_t* dots);

}  // namespace vexfs::kernels

#endif  // VEXFS_KERNELS_CODE_DISTANCE_H_
