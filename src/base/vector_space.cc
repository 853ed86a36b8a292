// What parameters and vectors a space accepts.
#include "base/vector_space.h"

#include <array>
#include <cfloat>
#include <cmath>

#include "base/limits.h"

namespace vexfs {
namespace {

// Rounding to binary16 turns magnitudes from the first one on into infinity, and those up to the
// second one into zero.
constexpr float kF16Overflow = 65520.0F;
constexpr float kF16Underflow = 0x1p-25F;

struct Measure {
  double squared_length = 0;
  float largest = 0;      // Magnitude. NaN elements are not in it.
  bool is_finite = true;  // Each element.
};

// Adds up eight sums at once: with a single one each addition would wait for the one before.
Measure measure(const float* vector, size_t dim) {
  constexpr size_t kLanes = 8;
  std::array<double, kLanes> sums{};
  std::array<float, kLanes> largest{};
  const auto take = [&](size_t lane, float value) {
    const float magnitude = std::fabs(value);
    sums[lane] += static_cast<double>(value) * static_cast<double>(value);
    largest[lane] = magnitude > largest[lane] ? magnitude : largest[lane];
  };
  size_t i = 0;
  for (; i + kLanes <= dim; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) take(lane, vector[i + lane]);
  }
  for (; i < dim; ++i) take(0, vector[i]);
  Measure out;
  for (size_t lane = 0; lane < kLanes; ++lane) {
    out.squared_length += sums[lane];
    out.largest = largest[lane] > out.largest ? largest[lane] : out.largest;
  }
  // NaN and infinity stay in a sum; finite floats cannot overflow one of doubles.
  out.is_finite = std::isfinite(out.squared_length);
  return out;
}

}  // namespace

const char* name_of(Metric metric) {
  switch (metric) {
    case Metric::kCosine:
      return "cosine";
    case Metric::kL2:
      return "l2";
    case Metric::kInnerProduct:
      return "ip";
  }
  return "unknown";
}

const char* name_of(ElementType element) {
  switch (element) {
    case ElementType::kF32:
      return "f32";
    case ElementType::kF16:
      return "f16";
  }
  return "unknown";
}

std::optional<Metric> metric_of(std::string_view name) {
  for (const Metric metric : {Metric::kCosine, Metric::kL2, Metric::kInnerProduct}) {
    if (name == name_of(metric)) return metric;
  }
  return std::nullopt;
}

std::optional<ElementType> element_of(std::string_view name) {
  for (const ElementType element : {ElementType::kF32, ElementType::kF16}) {
    if (name == name_of(element)) return element;
  }
  return std::nullopt;
}

Status check_parameters(const SpaceParameters& parameters) {
  if (parameters.dim < 1 || parameters.dim > limits::kDimMax) {
    return Status(EINVAL, "dimension of the space");
  }
  switch (parameters.metric) {
    case Metric::kCosine:
    case Metric::kL2:
    case Metric::kInnerProduct:
      break;
    default:
      return Status(EINVAL, "metric of the space");
  }
  switch (parameters.element) {
    case ElementType::kF32:
    case ElementType::kF16:
      break;
    default:
      return Status(EINVAL, "element type of the space");
  }
  if (parameters.m < limits::kMMin || parameters.m > limits::kMMax) {
    return Status(EINVAL, "m of the space");
  }
  if (parameters.ef_construction < 1 || parameters.ef_construction > limits::kEfMax) {
    return Status(EINVAL, "ef_construction of the space");
  }
  if (parameters.ef_search > limits::kEfMax) return Status(EINVAL, "ef_search of the space");
  return Status();
}

Status check_vector(const float* vector, const SpaceParameters& parameters) {
  const Measure found = measure(vector, parameters.dim);
  if (!found.is_finite) return Status(EINVAL, "the vector has NaN or infinity");
  // |a - b|^2 <= 4 max(|a|^2, |b|^2), and |a.b| is less: no distance overflows a float.
  if (found.squared_length > static_cast<double>(FLT_MAX) / 4) {
    return Status(EINVAL, "the vector is too long");
  }
  const bool is_half = parameters.element == ElementType::kF16;
  if (is_half && found.largest >= kF16Overflow) {
    return Status(EINVAL, "the vector has a number beyond half precision");
  }
  if (parameters.metric == Metric::kCosine) {
    if (found.squared_length < static_cast<double>(FLT_MIN) ||
        (is_half && found.largest <= kF16Underflow)) {
      return Status(EINVAL, "the vector has no length, which a cosine needs");
    }
  }
  return Status();
}

}  // namespace vexfs
