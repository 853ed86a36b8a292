// Hamming distance of 1-bit codes, for spaces whose vectors are kept as one bit a dimension.
#ifndef VEXFS_KERNELS_HAMMING_H_
#define VEXFS_KERNELS_HAMMING_H_

#include <cstddef>
#include <cstdint>

namespace vexfs::kernels {

// The number of bits in which `a` and `b` differ, of `words` words each. It is exact, and nothing
// is read past the end.
uint32_t hamming(const uint64_t* a, const uint64_t* b, size_t words);

}  // namespace vexfs::kernels

#endif  // VEXFS_KERNELS_HAMMING_H_
