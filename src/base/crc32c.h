// CRC-32C (Castagnoli), the checksum of everything that VexFS writes itself.
#ifndef VEXFS_BASE_CRC32C_H_
#define VEXFS_BASE_CRC32C_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace vexfs {

// The checksum of `bytes` after others whose checksum is `before`: crc32c(b, crc32c(a)) is that of
// a and b together. Any thread. With SSE 4.2 it runs at about 20 GB/s in cache, on three streams at
// once, since the instruction takes three cycles and one starts every cycle. Without SSE 4.2 it
// uses tables and runs at about 2 GB/s.
uint32_t crc32c(std::span<const std::byte> bytes, uint32_t before = 0);

// The checksum of two parts together: the first has the checksum `first`, and the second, of
// `second_bytes` bytes, has `second`. So parts may be summed in any order, on any thread.
uint32_t crc32c_joined(uint32_t first, uint32_t second, uint64_t second_bytes);

// The portable implementation, which crc32c() falls back to and its test compares with.
uint32_t crc32c_portable(std::span<const std::byte> bytes, uint32_t before = 0);

}  // namespace vexfs

#endif  // VEXFS_BASE_CRC32C_H_
