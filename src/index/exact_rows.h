// ExactRows: the stored vectors, and exact distances to them.
#ifndef VEXFS_INDEX_EXACT_ROWS_H_
#define VEXFS_INDEX_EXACT_ROWS_H_

#include <cstdint>

#include "base/vector_space.h"

namespace vexfs::index {

class ExactRows {
 public:
  ExactRows(const VectorRows& rows, uint32_t dim, Metric metric, ElementType element)
      : rows_(rows), dim_(dim), metric_(metric), element_(element) {}

  // The stored vector; of length 1 in a cosine space.
  void read(uint32_t slot, float* vector) const;
  // A query as the metric wants it: of length 1 in a cosine space.
  void prepare(const float* query, float* vector) const;
  // Of a prepared query.
  float distance(const float* vector, uint32_t slot) const;
  void prefetch(uint32_t slot) const;

 private:
  VectorRows rows_;
  uint32_t dim_;
  Metric metric_;
  ElementType element_;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_EXACT_ROWS_H_
