// The front of a kept text: header and table of checksums; docs/format.md#kept-texts.
#ifndef VEXFS_STORE_TEXT_FORMAT_H_
#define VEXFS_STORE_TEXT_FORMAT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/status.h"
#include "store/rows.h"

namespace vexfs::store {

// Little-endian, like all of the file. A checksum for each block of the text follows, then the
// text.
struct TextHeader {
  std::array<char, 8> magic;  // "VEXFStxt"
  uint32_t version;           // 1
  uint32_t crc32c;            // Of this struct, this field as 0, and the table behind it.
  uint64_t object;
  uint64_t text_bytes;
};
static_assert(sizeof(TextHeader) == 32);

inline constexpr uint32_t kTextVersion = 1;

// What one checksum is of: a passage is read with little around it.
inline constexpr size_t kTextBlockBytes = 16384;

constexpr size_t text_blocks(uint64_t text_bytes) {
  return static_cast<size_t>((text_bytes + kTextBlockBytes - 1) / kTextBlockBytes);
}
// Where the text starts.
constexpr size_t text_front_bytes(uint64_t text_bytes) {
  return sizeof(TextHeader) + text_blocks(text_bytes) * sizeof(uint32_t);
}
inline constexpr size_t kTextFrontBytesMax = text_front_bytes(limits::kExtractedBytesMax);

// The bytes before the text.
std::vector<std::byte> make_text_front(ObjectId object, std::string_view text);

struct TextFront {
  uint64_t text_bytes = 0;
  std::vector<uint32_t> checksums;  // A block each.
};
// From the first bytes of a file, all of it or kTextFrontBytesMax. Checked against its size.
// EUCLEAN, ENOTSUP for a newer version.
Result<TextFront> read_text_front(ObjectId object, std::span<const std::byte> bytes,
                                  uint64_t file_bytes);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_TEXT_FORMAT_H_
