// Section i of an image has the number i + 1 in a checkpoint.
#include "engine/space/graph_checkpoint.h"

namespace vexfs::engine {

Result<index::GraphImage> image_of(store::MappedCheckpoint checkpoint) {
  index::GraphImage image;
  image.release = std::move(checkpoint.release);
  std::array<bool, index::kGraphSections> found{};
  for (const store::MappedCheckpoint::Section& section : checkpoint.sections) {
    if (section.number < 1 || section.number > index::kGraphSections) continue;
    image.sections[section.number - 1] = section.bytes;
    found[section.number - 1] = true;
  }
  for (const bool one : found) {
    if (one) continue;
    if (image.release) image.release();
    return Status(EUCLEAN, "a checkpoint lacks a section");
  }
  return image;
}

std::array<store::CheckpointSection, index::kGraphSections> sections_of(
    const index::GraphSections& sections) {
  std::array<store::CheckpointSection, index::kGraphSections> list;
  for (uint32_t i = 0; i < index::kGraphSections; ++i) list[i] = {i + 1, sections[i]};
  return list;
}

}  // namespace vexfs::engine
