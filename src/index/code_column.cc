// Rounding to codes, and distances of codes.
//
// Scalar quantisation with a scale for each vector; compare locally adaptive vector quantization
// (arXiv 2304.04759), which also takes the mean of all vectors off first. A row c with scale r
// stands for x = r (c - 128), a query d with scale s for q = s d, so that
//
//   q . x = s r (sum of d c - 128 * sum of d)
//
// The first sum is integers only (kernels/code_distance); the second is the query's `shift`. L2 is
// |q|^2 + |x|^2 - 2 q . x, with |x|^2 kept beside the codes; cosine is 1 - q . x of vectors of
// length 1; inner product is -q . x. Codes are what a walk reads: a quarter of the bytes of floats.
#include "index/code_column.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/limits.h"
#include "index/prefetch.h"
#include "kernels/distance.h"

namespace vexfs::index {
namespace {

constexpr float kLargestCode = 127;
constexpr int32_t kZeroCode = 128;
constexpr uint32_t kLanes = 8;  // So many partial sums of a vector are computed side by side.

uint32_t round_up(uint32_t bytes, uint32_t unit) { return (bytes + unit - 1) / unit * unit; }

// Calls take(lane, i) for every element i, with the lanes in turn, so that no partial sum waits for
// its own last addition and compilers can make vectors of the lanes.
template <typename Take>
void in_lanes(uint32_t dim, Take take) {
  uint32_t i = 0;
  for (; i + kLanes <= dim; i += kLanes)
    for (uint32_t lane = 0; lane < kLanes; ++lane) take(lane, i + lane);
  for (; i < dim; ++i) take(0, i);
}

float largest_magnitude(const float* vector, uint32_t dim) {
  std::array<float, kLanes> largest = {};
  in_lanes(dim, [&](uint32_t lane, uint32_t i) {
    const float magnitude = std::fabs(vector[i]);
    largest[lane] = magnitude > largest[lane] ? magnitude : largest[lane];
  });
  return *std::max_element(largest.begin(), largest.end());
}

float norm_squared_of(const float* vector, uint32_t dim) {
  return kernels::dot(vector, vector, dim);
}

// An atomic maximum: several of the writer's threads encode at once.
void raise(std::atomic<float>& bound, float value) {
  float seen = bound.load(std::memory_order_relaxed);
  while (seen < value && !bound.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
  }
}

// The nearest integer, for |value| < 2^22, without a call: next to 1.5 * 2^23 floats have no
// fraction left, so the addition rounds.
int32_t nearest(float value) {
  constexpr float kShift = 12582912.0F;
  return static_cast<int32_t>(value + kShift - kShift);
}

}  // namespace

// Rows start at whole cache lines where that saves a tenth of the lines that a row touches on
// average. Elsewhere rows follow one another tightly, which takes less memory.
CodeShape CodeShape::of(uint32_t dim) {
  CodeShape shape;
  shape.dim = dim;
  shape.meta_offset = round_up(dim, sizeof(float));
  const uint32_t bytes = round_up(shape.meta_offset + sizeof(float) * 2, 8);
  const uint32_t lines = round_up(bytes, kLineBytes) / kLineBytes;
  const double lines_of_tight = (bytes + kLineBytes - 8.0) / kLineBytes;
  shape.stride_bytes = lines <= 0.9 * lines_of_tight ? lines * kLineBytes : bytes;
  return shape;
}

CodeColumn::CodeColumn(MemoryColumn memory, const CodeShape& shape, Metric metric)
    : memory_(std::move(memory)), shape_(shape), metric_(metric) {}

CodeColumn::CodeColumn(CodeColumn&& other) noexcept
    : memory_(std::move(other.memory_)), shape_(other.shape_), metric_(other.metric_) {
  restore_bounds(other.scale_max(), other.norm_max());
}

Result<CodeColumn> CodeColumn::create(uint32_t dim, Metric metric) {
  const CodeShape shape = CodeShape::of(dim);
  VEXFS_TRY(memory, MemoryColumn::reserve(size_t{shape.stride_bytes} * limits::kSlotsMax));
  return CodeColumn(std::move(memory), shape, metric);
}

Status CodeColumn::grow(uint32_t slots) {
  return memory_.grow(size_t{shape_.stride_bytes} * slots);
}

void CodeColumn::encode(uint32_t slot, const float* vector) {
  const float largest = largest_magnitude(vector, shape_.dim);
  const float norm_squared = norm_squared_of(vector, shape_.dim);
  const float scale = largest / kLargestCode;
  const float inverse = largest > 0 ? kLargestCode / largest : 0;
  std::byte* const codes = row(slot);
  for (uint32_t i = 0; i < shape_.dim; ++i)
    codes[i] = static_cast<std::byte>(nearest(vector[i] * inverse) + kZeroCode);
  const Meta meta = {scale, metric_ == Metric::kL2 ? norm_squared : 0};
  std::memcpy(codes + shape_.meta_offset, &meta, sizeof(meta));
  raise(scale_max_, scale);
  raise(norm_max_, std::sqrt(norm_squared));
}

// What queries from vectors and from rows share: the parts of the distance that no row changes.
CodeQuery CodeColumn::finish(CodeQuery query, float scale, float norm_squared) const {
  query.shift *= kZeroCode;
  query.norm = std::sqrt(norm_squared);
  query.factor = metric_ == Metric::kL2 ? 2 * scale : scale;
  if (metric_ == Metric::kL2) query.offset = norm_squared;
  if (metric_ == Metric::kCosine) query.offset = 1;
  return query;
}

CodeQuery CodeColumn::query(const float* vector, int8_t* codes) const {
  const float largest = largest_magnitude(vector, shape_.dim);
  const float scale = largest / kLargestCode;
  const float inverse = largest > 0 ? kLargestCode / largest : 0;
  CodeQuery query;
  query.codes = codes;
  std::array<float, kLanes> lost_squared = {};
  std::array<int32_t, kLanes> sums = {};
  in_lanes(shape_.dim, [&](uint32_t lane, uint32_t i) {
    const int32_t code = nearest(vector[i] * inverse);
    const float lost = vector[i] - scale * static_cast<float>(code);
    lost_squared[lane] += lost * lost;
    codes[i] = static_cast<int8_t>(code);
    sums[lane] += code;
  });
  query.shift = std::accumulate(sums.begin(), sums.end(), 0);
  query.rounding = std::sqrt(std::accumulate(lost_squared.begin(), lost_squared.end(), 0.0F));
  return finish(query, scale, norm_squared_of(vector, shape_.dim));
}

CodeQuery CodeColumn::row_query(uint32_t slot, int8_t* codes) const {
  const std::byte* const from = row(slot);
  Meta meta;
  std::memcpy(&meta, from + shape_.meta_offset, sizeof(meta));
  CodeQuery query;
  query.codes = codes;
  for (uint32_t i = 0; i < shape_.dim; ++i) {
    const int32_t code = std::to_integer<int32_t>(from[i]) - kZeroCode;
    codes[i] = static_cast<int8_t>(code);
    query.shift += code;
  }
  return finish(query, meta.scale, meta.bias);
}

void CodeColumn::distances(const CodeQuery& query, const uint32_t* slots, size_t count,
                           int32_t* dots, float* distances) const {
  kernels::dot_codes(query.codes, shape_.dim, {memory_.data(), shape_.stride_bytes}, slots, count,
                     dots);
  for (size_t i = 0; i < count; ++i) {
    Meta meta;
    std::memcpy(&meta, row(slots[i]) + shape_.meta_offset, sizeof(meta));
    const auto dot = static_cast<float>(dots[i] - query.shift);
    distances[i] = query.offset + meta.bias - query.factor * meta.scale * dot;
  }
}

void CodeColumn::prefetch(uint32_t slot) const {
  prefetch_lines(row(slot), shape_.meta_offset + sizeof(Meta));
}

float CodeColumn::error_bound(const CodeQuery& query) const {
  // With x' and q' for what the codes stand for, |q . x - q' . x'| <= |q| |x - x'| + |q - q'| |x'|
  // (Cauchy and Schwarz). Each element of a row is off by half a step of its scale at most. The
  // last term is for the rounding of floats.
  const float row_lost = scale_max() * 0.5F * std::sqrt(static_cast<float>(shape_.dim));
  const float of_dot = query.norm * row_lost + query.rounding * (norm_max() + row_lost);
  const float floats = 1e-5F * (query.norm + norm_max()) * (query.norm + norm_max());
  return (metric_ == Metric::kL2 ? 2 * of_dot : of_dot) + floats;
}

float CodeColumn::likely_error(const CodeQuery& query) const {
  // The bound assumes that the errors of all elements add up. Independent errors add up to the root
  // of their number only.
  constexpr float kDeviations = 3;
  return kDeviations * error_bound(query) / std::sqrt(static_cast<float>(shape_.dim));
}

void CodeColumn::restore_bounds(float scale_max, float norm_max) {
  scale_max_.store(scale_max, std::memory_order_relaxed);
  norm_max_.store(norm_max, std::memory_order_relaxed);
}

}  // namespace vexfs::index
