// ExactRows: the stored vectors, and exact distances to them.
#ifndef VEXFS_INDEX_EXACT_ROWS_H_
#define VEXFS_INDEX_EXACT_ROWS_H_

#include <cstdint>

#include "base/vector_space.h"

namespace vexfs::index {

// A view of rows that others own: rows are written before their slots are searched for. All methods
// may run on any thread at once, and allocate nothing.
class ExactRows {
 public:
  ExactRows(const VectorRows& rows, uint32_t dim, Metric metric, ElementType element)
      : rows_(rows), dim_(dim), metric_(metric), element_(element) {}

  // The stored vector as `dim` floats; in a cosine space at length 1.
  void read(uint32_t slot, float* vector) const;
  // Makes of a query what distance() takes: in a cosine space the vector of length 1.
  void prepare(const float* query, float* vector) const;
  // The distance of a prepared query to a row: smaller is nearer, for every metric.
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
