// The header section of a graph checkpoint, and what must hold between it and the other sections.
#ifndef VEXFS_INDEX_IMAGE_HEADER_H_
#define VEXFS_INDEX_IMAGE_HEADER_H_

#include <array>
#include <cstdint>

#include "base/status.h"
#include "base/vector_space.h"
#include "index/code_column.h"
#include "index/graph_image.h"

namespace vexfs::index {

// docs/format.md#graph-checkpoints; little-endian.
struct ImageHeader {
  static constexpr std::array<char, 8> kMagic = {'V', 'X', 'G', 'R', 'A', 'P', 'H', 1};

  std::array<char, 8> magic = kMagic;  // Its last byte is the version of all sections.
  uint32_t dim = 0;
  uint16_t m = 0;
  uint8_t metric = 0;
  uint8_t stale_links = 0;  // 1: links may lead to slots that are not in the graph.
  uint32_t slots_end = 0;
  uint32_t size = 0;        // Slots in the graph.
  uint32_t upper_rows = 0;  // Of the section kUpper.
  uint32_t entry_slot = 0;  // 2^32 - 1 when the graph is empty.
  uint32_t entry_layer = 0;
  float scale_max = 0;  // Bounds over all code rows.
  float norm_max = 0;
  uint32_t reserved = 0;
};
static_assert(sizeof(ImageHeader) == 48);

// The header of an image that is sound: sections of the sizes that the header says, every link, row
// and word within bounds, chains of upper rows without a circle, the entry in the graph. EUCLEAN.
Result<ImageHeader> check_image(const SpaceParameters& parameters, const GraphImage& image);

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_IMAGE_HEADER_H_
