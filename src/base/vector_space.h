// The types that index, store and engine share about vectors: slots, rows and parameters of a
// space.
#ifndef VEXFS_BASE_VECTOR_SPACE_H_
#define VEXFS_BASE_VECTOR_SPACE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/status.h"

namespace vexfs {

// A row number. Vectors, codes and graph are columns over the same slots.
enum class Slot : uint32_t {};
inline constexpr Slot kNoSlot{UINT32_MAX};

// Values are on disk. A distance is smaller for nearer vectors: 1 - cosine, squared L2, -(a.b).
enum class Metric : uint8_t { kCosine = 1, kL2 = 2, kInnerProduct = 3 };

// How a stored number is kept. Values are on disk.
enum class ElementType : uint8_t { kF32 = 1, kF16 = 2 };

// Their names in options, requests and replies: "cosine", "l2", "ip"; "f32", "f16".
const char* name_of(Metric metric);
const char* name_of(ElementType element);
std::optional<Metric> metric_of(std::string_view name);
std::optional<ElementType> element_of(std::string_view name);

constexpr size_t element_bytes(ElementType type) { return type == ElementType::kF32 ? 4 : 2; }

// Fixed when a space is made, but for ef_search.
struct SpaceParameters {
  uint32_t dim = 0;  // 1..limits::kDimMax.
  Metric metric = Metric::kCosine;
  ElementType element = ElementType::kF32;
  uint16_t m = 16;  // Links a row on upper layers; 2 m on layer 0.
  uint16_t ef_construction = 200;
  uint16_t ef_search = 0;  // 0: the engine's default for the space's size.
};

// EINVAL where a parameter is out of the bounds of base/limits.h.
Status check_parameters(const SpaceParameters& parameters);

// EINVAL for NaN and infinity; for numbers that the element type rounds to infinity; for a vector
// so long that a distance would overflow a float; and in a cosine space for one whose length is
// zero or too small for a float.
Status check_vector(const float* vector, const SpaceParameters& parameters);

// The exact vectors. The row of slot s starts at base + s * stride_bytes; elements are
// little-endian. The addresses never change. A row may be read while its slot is in use.
struct VectorRows {
  const std::byte* base = nullptr;
  size_t stride_bytes = 0;

  const std::byte* row(Slot slot) const { return base + static_cast<size_t>(slot) * stride_bytes; }
};

}  // namespace vexfs

#endif  // VEXFS_BASE_VECTOR_SPACE_H_
