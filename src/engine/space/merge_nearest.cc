// A slot that is in both lists comes up twice in a row, since its distance is the same in both.
#include "engine/space/merge_nearest.h"

#include <cmath>

namespace vexfs::engine {
namespace {

// This is the index's order, in which -0 comes before 0.
bool nearer(const index::Neighbor& a, const index::Neighbor& b) {
  if (a.distance != b.distance) return a.distance < b.distance;
  if (std::signbit(a.distance) != std::signbit(b.distance)) return std::signbit(a.distance);
  return a.slot < b.slot;
}

}  // namespace

uint32_t merge_nearest(std::span<const index::Neighbor> a, std::span<const index::Neighbor> b,
                       std::span<index::Neighbor> out) {
  uint32_t count = 0;
  size_t at_a = 0;
  size_t at_b = 0;
  while (count < out.size() && (at_a < a.size() || at_b < b.size())) {
    const bool from_a = at_b == b.size() || (at_a < a.size() && !nearer(b[at_b], a[at_a]));
    const index::Neighbor& next = from_a ? a[at_a++] : b[at_b++];
    if (count > 0 && out[count - 1].slot == next.slot) continue;
    out[count++] = next;
  }
  return count;
}

}  // namespace vexfs::engine
