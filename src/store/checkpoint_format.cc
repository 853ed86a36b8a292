// Making and checking the first page of a checkpoint: the header, then the table of sections; one
// checksum covers both. The contents of the sections have checksums of their own in the table.
#include "store/checkpoint_format.h"

#include <cerrno>
#include <cstring>

#include "base/crc32c.h"

namespace vexfs::store {
namespace {

constexpr std::array<char, 8> kGraphMagic = {'V', 'E', 'X', 'F', 'S', 'g', 'r', 'a'};
constexpr std::array<char, 8> kLexicalMagic = {'V', 'E', 'X', 'F', 'S', 'l', 'e', 'x'};

constexpr const std::array<char, 8>& magic_of(CheckpointKind kind) {
  return kind == CheckpointKind::kGraph ? kGraphMagic : kLexicalMagic;
}

// The checksum is computed with its own field as 0.
uint32_t crc_of(CheckpointHeader header, std::span<const std::byte> table) {
  header.crc32c = 0;
  return crc32c(table, crc32c(std::as_bytes(std::span(&header, 1))));
}

// `ef_search` is left out: it is a setting of searches, and changes nothing in the graph.
bool is_for(const CheckpointHeader& header, const SpaceParameters& parameters) {
  return header.dim == parameters.dim && header.m == parameters.m &&
         header.ef_construction == parameters.ef_construction &&
         header.metric == static_cast<uint8_t>(parameters.metric) &&
         header.element == static_cast<uint8_t>(parameters.element);
}

// The comparisons cannot overflow, whatever numbers the file has.
Status check_section(const CheckpointSectionEntry& section, uint64_t file_bytes) {
  if (section.offset < kCheckpointPageBytes || section.offset % kCheckpointPageBytes != 0) {
    return Status(EUCLEAN, "a section of a checkpoint starts at no page");
  }
  if (section.offset > file_bytes || section.bytes > file_bytes - section.offset) {
    return Status(EUCLEAN, "a section of a checkpoint is cut off");
  }
  return Status();
}

}  // namespace

std::vector<std::byte> make_checkpoint_page(CheckpointKind kind, const SpaceParameters& parameters,
                                            ChangeNumber last_change, int64_t written_at,
                                            uint64_t file_bytes,
                                            std::span<const CheckpointSectionEntry> sections) {
  CheckpointHeader header{.magic = magic_of(kind),
                          .version = kCheckpointVersion,
                          .section_count = static_cast<uint32_t>(sections.size()),
                          .last_change = last_change,
                          .written_at = written_at,
                          .file_bytes = file_bytes,
                          .dim = parameters.dim,
                          .m = parameters.m,
                          .ef_construction = parameters.ef_construction,
                          .metric = static_cast<uint8_t>(parameters.metric),
                          .element = static_cast<uint8_t>(parameters.element),
                          .zeros = {},
                          .crc32c = 0};
  const std::span<const std::byte> table = std::as_bytes(sections);
  header.crc32c = crc_of(header, table);
  std::vector<std::byte> page(kCheckpointPageBytes);
  std::memcpy(page.data(), &header, sizeof(header));
  if (!table.empty()) std::memcpy(page.data() + sizeof(header), table.data(), table.size());
  return page;
}

Result<CheckpointPage> read_checkpoint_page(CheckpointKind kind, std::span<const std::byte> page,
                                            uint64_t file_bytes,
                                            const SpaceParameters& parameters) {
  CheckpointHeader header;
  if (page.size() < kCheckpointPageBytes) return Status(EUCLEAN, "a checkpoint has no header");
  std::memcpy(&header, page.data(), sizeof(header));
  if (header.magic != magic_of(kind)) return Status(EUCLEAN, "a checkpoint is none");
  if (header.version > kCheckpointVersion) return Status(ENOTSUP, "newer format of a checkpoint");
  if (header.version != kCheckpointVersion || header.section_count > kCheckpointSectionsMax) {
    return Status(EUCLEAN, "a checkpoint's header is damaged");
  }
  const auto table =
      page.subspan(sizeof(header), header.section_count * sizeof(CheckpointSectionEntry));
  if (header.crc32c != crc_of(header, table)) {
    return Status(EUCLEAN, "a checkpoint's header is damaged");
  }
  if (!is_for(header, parameters)) return Status(ESTALE, "a checkpoint of other parameters");
  if (header.file_bytes != file_bytes) return Status(EUCLEAN, "a checkpoint is cut off");

  CheckpointPage found{.last_change = header.last_change,
                       .written_at = header.written_at,
                       .sections = std::vector<CheckpointSectionEntry>(header.section_count)};
  if (!table.empty()) std::memcpy(found.sections.data(), table.data(), table.size());
  for (size_t i = 0; i < found.sections.size(); ++i) {
    VEXFS_CHECK_OK(check_section(found.sections[i], file_bytes));
    for (size_t j = 0; j < i; ++j) {
      if (found.sections[j].number == found.sections[i].number) {
        return Status(EUCLEAN, "a checkpoint has a section twice");
      }
    }
  }
  return found;
}

}  // namespace vexfs::store
