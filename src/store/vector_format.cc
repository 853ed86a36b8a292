// Making and checking the vector file's header, and the checksum of a row. A header is compared
// whole with the one that the space would have now: no field of a foreign file is trusted.
#include "store/vector_format.h"

#include <cstring>

#include "base/crc32c.h"

namespace vexfs::store {
namespace {

constexpr std::array<char, 8> kVectorMagic = {'V', 'E', 'X', 'F', 'S', 'v', 'e', 'c'};

// The checksum is computed with its own field as 0.
uint32_t crc_of(VectorFileHeader header) {
  header.crc32c = 0;
  return crc32c(std::as_bytes(std::span(&header, 1)));
}

}  // namespace

VectorFileHeader make_vector_file_header(const SpaceParameters& parameters) {
  VectorFileHeader header{.magic = kVectorMagic,
                          .version = kVectorFileVersion,
                          .dim = parameters.dim,
                          .stride_bytes = static_cast<uint32_t>(vector_stride(parameters)),
                          .element = static_cast<uint8_t>(parameters.element),
                          .metric = static_cast<uint8_t>(parameters.metric),
                          .zeros = {},
                          .crc32c = 0};
  header.crc32c = crc_of(header);
  return header;
}

Status check_vector_file_header(std::span<const std::byte> bytes,
                                const SpaceParameters& parameters) {
  VectorFileHeader found;
  if (bytes.size() < sizeof(found)) return Status(EUCLEAN, "the vector file has no header");
  std::memcpy(&found, bytes.data(), sizeof(found));
  if (found.magic != kVectorMagic) return Status(EUCLEAN, "the vector file is none");
  if (found.version > kVectorFileVersion) return Status(ENOTSUP, "newer format of a vector file");
  if (found.crc32c != crc_of(found)) return Status(EUCLEAN, "the vector file's header is damaged");
  const VectorFileHeader expected = make_vector_file_header(parameters);
  if (std::memcmp(&found, &expected, sizeof(found)) != 0) {
    return Status(EUCLEAN, "the vector file belongs to another space");
  }
  return Status();
}

uint32_t vector_row_crc32c(const VectorRowHeader& header, std::span<const std::byte> elements) {
  VectorRowHeader copy = header;
  copy.crc32c = 0;
  return crc32c(elements, crc32c(std::as_bytes(std::span(&copy, 1))));
}

}  // namespace vexfs::store
