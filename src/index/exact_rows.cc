// Exact distances to the stored vectors, of either element type. A cosine space stores vectors as
// they were given; they are brought to length 1 when they are read or compared.
#include "index/exact_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "index/prefetch.h"
#include "kernels/distance.h"

namespace vexfs::index {
namespace {

using kernels::Float16;

template <typename Element>
float distance_of(Metric metric, const float* vector, const Element* row, uint32_t dim) {
  switch (metric) {
    case Metric::kCosine: {
      const kernels::DotAndNorm both = kernels::dot_and_norm(vector, row, dim);
      return 1 - both.dot / std::sqrt(both.norm_squared);
    }
    case Metric::kL2:
      return kernels::l2_squared(vector, row, dim);
    case Metric::kInnerProduct:
      return -kernels::dot(vector, row, dim);
  }
  return 0;
}

// Writes `from` at length 1 to `to`, which may be `from`. A vector of zeros stays one.
void normalise(const float* from, uint32_t dim, float* to) {
  const float norm = std::sqrt(kernels::dot(from, from, dim));
  const float inverse = norm > 0 ? 1 / norm : 0;
  for (uint32_t i = 0; i < dim; ++i) to[i] = from[i] * inverse;
}

}  // namespace

void ExactRows::read(uint32_t slot, float* vector) const {
  const std::byte* const row = rows_.row(Slot{slot});
  if (element_ == ElementType::kF32) {
    std::memcpy(vector, row, dim_ * sizeof(float));
  } else {
    const auto* const halves = reinterpret_cast<const Float16*>(row);
    for (uint32_t i = 0; i < dim_; ++i) vector[i] = kernels::to_float(halves[i]);
  }
  if (metric_ == Metric::kCosine) normalise(vector, dim_, vector);
}

void ExactRows::prepare(const float* query, float* vector) const {
  if (metric_ == Metric::kCosine) return normalise(query, dim_, vector);
  std::memcpy(vector, query, dim_ * sizeof(float));
}

float ExactRows::distance(const float* vector, uint32_t slot) const {
  const std::byte* const row = rows_.row(Slot{slot});
  if (element_ == ElementType::kF32)
    return distance_of(metric_, vector, reinterpret_cast<const float*>(row), dim_);
  return distance_of(metric_, vector, reinterpret_cast<const Float16*>(row), dim_);
}

// The first 512 bytes only: to fetch all of twelve long rows ahead had 0.90 of the speed
// (docs/performance.md).
void ExactRows::prefetch(uint32_t slot) const {
  const std::byte* const row = rows_.row(Slot{slot});
  prefetch_lines(row, std::min<size_t>(dim_ * element_bytes(element_), 512));
}

}  // namespace vexfs::index
