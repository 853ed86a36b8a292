// Hamming distance of 1-bit codes.
#ifndef VEXFS_KERNELS_HAMMING_H_
#define VEXFS_KERNELS_HAMMING_H_

#include <cstddef>
#include <cstdint>

namespace vexfs::kernels {

// The bits in which `a` and `b` differ, of `words` words each. Exact; nothing is read past the end.
uint32_t hamming(const uint64_t* a, const uint64_t* b, size_t words);

}  // namespace vexfs::kernels

#endif  // VEXFS_KERNELS_HAMMING_H_
