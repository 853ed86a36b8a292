// Rounding to codes, and distances of codes.
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
constexpr uint32_t kLanes = 8;  // Sums of so many parts of a vector go on side by side.

uint32_t round_up(uint32_t bytes, uint32_t unit) { return (bytes + unit - 1) / unit * unit; }

// take(lane, i) for every element i, in turn for each lane: so no sum waits for its own last step.
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

void raise(std::atomic<float>& bound, float value) {
  float seen = bound.load(std::memory_order_relaxed);
  while (seen < value && !bound.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
  }
}

// Nearest integer, without a call: adding 1.5 * 2^23 rounds in the last bit of the fraction.
int32_t nearest(float value) {
  constexpr float kShift = 12582912.0F;
  return static_cast<int32_t>(value + kShift - kShift);
}

}  // namespace

// Whole lines where that saves a line of each row on average; else tight rows, which at odd starts
// touch no more lines and take less memory.
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
  // An element is off by at most half a step. Cauchy and Schwarz; and what floats round.
  const float row_lost = scale_max() * 0.5F * std::sqrt(static_cast<float>(shape_.dim));
  const float of_dot = query.norm * row_lost + query.rounding * (norm_max() + row_lost);
  const float floats = 1e-5F * (query.norm + norm_max()) * (query.norm + norm_max());
  return (metric_ == Metric::kL2 ? 2 * of_dot : of_dot) + floats;
}

float CodeColumn::likely_error(const CodeQuery& query) const {
  // The bound is of errors that add up, all of them; independent ones grow as the root of their
  // number.
  constexpr float kDeviations = 3;
  return kDeviations * error_bound(query) / std::sqrt(static_cast<float>(shape_.dim));
}

void CodeColumn::restore_bounds(float scale_max, float norm_max) {
  scale_max_.store(scale_max, std::memory_order_relaxed);
  norm_max_.store(norm_max, std::memory_order_relaxed);
}

}  // namespace vexfs::index
