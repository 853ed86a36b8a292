// Checksums of mapped sections.
#ifndef VEXFS_STORE_SECTION_CHECKSUMS_H_
#define VEXFS_STORE_SECTION_CHECKSUMS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace vexfs::store {

// The CRC-32C of each section, which start at page boundaries; large ones are summed by several
// threads, in parts, and the caller waits for them. The pages of a fresh mapping are mapped
// afterwards, which takes as long as summing them. EIO where the file behind them cannot be read,
// instead of the SIGBUS that reading the memory would raise (from Linux 5.14 on).
Result<std::vector<uint32_t>> crc32c_of_each(std::span<const std::span<std::byte>> sections);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_SECTION_CHECKSUMS_H_
