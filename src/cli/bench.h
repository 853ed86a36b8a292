// Bench: how fast and how right the searches of a space are, beside a scan of it in the same run.
#ifndef VEXFS_CLI_BENCH_H_
#define VEXFS_CLI_BENCH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/tree/space_info.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

using Vectors = std::vector<std::vector<float>>;

// `count` vectors around `clusters` centres: what embeddings of real files look like more than
// uniform noise does. The same for the same seed.
Vectors clustered_vectors(uint32_t count, uint32_t dim, uint32_t clusters, uint64_t seed);

// Vectors of up to `count` files of the space, each moved a little: a query that is a stored vector
// would find itself, which is too easy. Empty with a sentence on failure.
Vectors queries_from(TreeClient& tree, const SpaceInfo& space, uint32_t count,
                     std::string& problem);

struct Latencies {
  double p50_us = 0;
  double p99_us = 0;
};
Latencies latencies_of(std::vector<double> microseconds);

struct SearchFigures {
  uint32_t queries = 0;
  Latencies search;       // As a program sees them, JSON included.
  Latencies exact;        // The same queries, compared with every vector.
  double recall = 0;      // Hits at least as good as the k-th true one.
  uint32_t short_of = 0;  // Searches that found fewer hits than the scan.
};

// False with a sentence on failure.
bool measure_search(TreeClient& tree, const SpaceInfo& space, const Vectors& queries, uint32_t k,
                    SearchFigures& figures, std::string& problem);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_BENCH_H_
