// Truth: the exact nearest rows of each query, by brute force, and recall against it.
#ifndef VEXFS_BENCH_ANN_TRUTH_H_
#define VEXFS_BENCH_ANN_TRUTH_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/vector_space.h"
#include "matrix.h"

namespace vexfs::bench {

inline constexpr uint32_t kNoRow = UINT32_MAX;

// Smaller is nearer: 1 - a.b for cosine (rows of such a set have length one), squared L2, -(a.b).
float exact_distance(const float* query, const float* row, size_t dim, Metric metric);

struct Truth {
  size_t queries = 0;
  size_t k = 0;
  std::vector<uint32_t> ids;     // queries * k, nearest first; kNoRow where there are no more rows.
  std::vector<float> distances;  // The distances of these.

  std::span<const uint32_t> ids_of(size_t query) const { return {&ids[query * k], k}; }
};

// Which rows count: `rows` of them from the start, and of these those whose bit is set.
struct RowSet {
  size_t rows = 0;
  const std::vector<bool>* allowed = nullptr;  // nullptr: all.
};

Truth find_truth(const Matrix& base, const RowSet& set, const Matrix& queries, size_t query_count,
                 size_t k, Metric metric, unsigned threads);

// File: u32 queries, u32 k, ids, distances; little-endian (the layout of the big-ann benchmarks).
Status write_truth(const Truth& truth, const std::string& path);
Result<Truth> read_truth(const std::string& path);

// How many of `found` are among the k nearest of a query. Ties count: a row as near as the k-th is
// as good, whichever of them the truth happens to name. A row that is found twice counts once.
size_t count_hits(const Truth& truth, size_t query_index, size_t k, std::span<const uint32_t> found,
                  const float* query, const Matrix& base, Metric metric);
// How many nearest rows there are: k, or fewer where the set is smaller.
size_t count_wanted(const Truth& truth, size_t query_index, size_t k);

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_ANN_TRUTH_H_
