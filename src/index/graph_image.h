// The sections of a graph checkpoint, as the index knows them; docs/format.md says each byte.
#ifndef VEXFS_INDEX_GRAPH_IMAGE_H_
#define VEXFS_INDEX_GRAPH_IMAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace vexfs::index {

// Section i of a checkpoint is written and found again under this number. Values are on disk.
enum class GraphSection : uint32_t {
  kHeader = 1,  // Shape: counts, entry point, code format.
  kFlags = 2,   // A word a slot: absent, or where its upper rows begin (Graph::word).
  kCodes = 3,   // A code row a slot.
  kLinks = 4,   // Layer 0: a link row a slot.
  kUpper = 5,   // Links of the layers above.
};
inline constexpr size_t kGraphSections = 5;

// Bytes to write, in order of GraphSection.
using GraphSections = std::array<std::span<const std::byte>, kGraphSections>;

// A checkpoint to open: private, writable pages that the index may change and keeps until
// `release`, called once. Sections start at multiples of the page size.
struct GraphImage {
  std::array<std::span<std::byte>, kGraphSections> sections;
  std::function<void()> release;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_GRAPH_IMAGE_H_
