// Making and checking the front of a kept text: the header, then a checksum for each block of text;
// one checksum covers both.
#include "store/text_format.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/crc32c.h"

namespace vexfs::store {
namespace {

constexpr std::array<char, 8> kTextMagic = {'V', 'E', 'X', 'F', 'S', 't', 'x', 't'};

// The checksum is computed with its own field as 0.
uint32_t crc_of(TextHeader header, std::span<const std::byte> table) {
  header.crc32c = 0;
  return crc32c(table, crc32c(std::as_bytes(std::span(&header, 1))));
}

}  // namespace

std::vector<std::byte> make_text_front(ObjectId object, std::string_view text) {
  std::vector<uint32_t> table;
  table.reserve(text_blocks(text.size()));
  for (size_t at = 0; at < text.size(); at += kTextBlockBytes) {
    table.push_back(crc32c(std::as_bytes(std::span(text.substr(at, kTextBlockBytes)))));
  }
  TextHeader header{.magic = kTextMagic,
                    .version = kTextVersion,
                    .crc32c = 0,
                    .object = static_cast<uint64_t>(object),
                    .text_bytes = text.size()};
  header.crc32c = crc_of(header, std::as_bytes(std::span(table)));
  std::vector<std::byte> front(text_front_bytes(text.size()));
  std::memcpy(front.data(), &header, sizeof(header));
  if (!table.empty()) {
    std::memcpy(front.data() + sizeof(header), table.data(), table.size() * sizeof(uint32_t));
  }
  return front;
}

Result<TextFront> read_text_front(ObjectId object, std::span<const std::byte> bytes,
                                  uint64_t file_bytes) {
  TextHeader header;
  if (bytes.size() < sizeof(header)) return Status(EUCLEAN, "a kept text has no header");
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != kTextMagic) return Status(EUCLEAN, "a kept text is none");
  if (header.version > kTextVersion) return Status(ENOTSUP, "newer format of a kept text");
  if (header.version != kTextVersion || header.text_bytes > limits::kExtractedBytesMax) {
    return Status(EUCLEAN, "a kept text's header is damaged");
  }
  const size_t front = text_front_bytes(header.text_bytes);
  if (file_bytes != front + header.text_bytes || bytes.size() < front) {
    return Status(EUCLEAN, "a kept text is cut off");
  }
  const auto table = bytes.subspan(sizeof(header), front - sizeof(header));
  if (header.crc32c != crc_of(header, table)) {
    return Status(EUCLEAN, "a kept text's header is damaged");
  }
  if (header.object != static_cast<uint64_t>(object)) {
    return Status(EUCLEAN, "a kept text is another file's");
  }
  TextFront found{.text_bytes = header.text_bytes,
                  .checksums = std::vector<uint32_t>(text_blocks(header.text_bytes))};
  if (!table.empty()) std::memcpy(found.checksums.data(), table.data(), table.size());
  return found;
}

}  // namespace vexfs::store
