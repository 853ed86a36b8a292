// CodeColumn: the vectors in 8-bit codes, a row a slot: what a walk through the graph reads.
#ifndef VEXFS_INDEX_CODE_COLUMN_H_
#define VEXFS_INDEX_CODE_COLUMN_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/status.h"
#include "base/vector_space.h"
#include "index/memory_column.h"
#include "kernels/code_distance.h"

namespace vexfs::index {

// A row is `dim` unsigned codes c, padding to 4 bytes, a float `scale` and a float `bias`. It
// stands for the vector scale * (c - 128); cosine spaces hold vectors of length 1. The scale is the
// row's own (its largest element is 127), so nothing needs training and no outlier spoils other
// rows.
struct CodeShape {
  uint32_t dim = 0;
  uint32_t meta_offset = 0;  // Of scale and bias.
  uint32_t stride_bytes = 0;

  static CodeShape of(uint32_t dim);
};

// A vector in signed codes, as the left side of distances. The codes lie in the caller's memory.
struct CodeQuery {
  const int8_t* codes = nullptr;
  int32_t shift = 0;   // 128 * the sum of the codes: what the rows' offset adds to a dot product.
  float factor = 0;    // Once or twice the scale of the codes.
  float offset = 0;    // What the metric adds to each distance.
  float norm = 0;      // Of the vector,
  float rounding = 0;  // and of what its codes lost.
};

// Threads: as HnswIndex. A row is written before anything leads to it. Distances allocate nothing.
class CodeColumn {
 public:
  static Result<CodeColumn> create(uint32_t dim, Metric metric);  // ENOMEM.
  CodeColumn(CodeColumn&& other) noexcept;

  const CodeShape& shape() const { return shape_; }
  MemoryColumn& memory() { return memory_; }
  const MemoryColumn& memory() const { return memory_; }
  Status grow(uint32_t slots);  // ENOMEM, ENOSPC.

  // `vector`: of length 1 in a cosine space, here and below. Many threads, a slot each.
  void encode(uint32_t slot, const float* vector);
  // `codes` has room for dim bytes.
  CodeQuery query(const float* vector, int8_t* codes) const;
  // The row of `slot` as a query.
  CodeQuery row_query(uint32_t slot, int8_t* codes) const;

  // Distances to `count` rows; `dots` is room to work in.
  void distances(const CodeQuery& query, const uint32_t* slots, size_t count, int32_t* dots,
                 float* distances) const;
  void prefetch(uint32_t slot) const;

  // By how much such a distance may differ from the exact one, for any row that was ever encoded.
  float error_bound(const CodeQuery& query) const;
  // The same, for nearly all rows and not for all: the errors of elements cancel each other.
  float likely_error(const CodeQuery& query) const;
  // What error_bound goes by; a checkpoint keeps it.
  float scale_max() const { return scale_max_.load(std::memory_order_relaxed); }
  float norm_max() const { return norm_max_.load(std::memory_order_relaxed); }
  void restore_bounds(float scale_max, float norm_max);

 private:
  struct Meta {
    float scale;
    float bias;  // |x|^2 for L2, else 0.
  };

  CodeColumn(MemoryColumn memory, const CodeShape& shape, Metric metric);
  CodeQuery finish(CodeQuery query, float scale, float norm_squared) const;
  std::byte* row(uint32_t slot) const {
    return memory_.data() + size_t{slot} * shape_.stride_bytes;
  }

  MemoryColumn memory_;
  CodeShape shape_;
  Metric metric_;
  std::atomic<float> scale_max_ = 0;
  std::atomic<float> norm_max_ = 0;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_CODE_COLUMN_H_
