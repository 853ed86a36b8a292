// Synthetic vectors that resemble embeddings: a seeded mixture of clusters.
#ifndef VEXFS_BENCH_ANN_CLUSTERED_H_
#define VEXFS_BENCH_ANN_CLUSTERED_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vexfs::bench {

struct ClusterShape {
  size_t dim = 128;
  size_t clusters = 1000;  // Their sizes fall with the square root of their rank.
  double spread = 0.6;     // The spread of vectors around a centre, relative to that of centres.
  double decay = 0.55;     // The i-th direction of a cluster has a deviation of i^-decay.
  bool normalised = false;
  uint64_t seed = 1;
};

// xoshiro256++, seeded by splitmix64, with normal numbers by Box and Muller: the same sequence on
// every machine, which the standard library's distributions do not promise.
class SeededRandom {
 public:
  explicit SeededRandom(uint64_t seed);
  uint64_t bits();
  uint64_t below(uint64_t bound) { return bits() % bound; }
  double uniform();  // In (0, 1).
  double normal();

 private:
  std::array<uint64_t, 4> state_;
  bool has_spare_ = false;
  double spare_ = 0;
};

// Rotates vectors so that no axis is special: three rounds of random signs, a Hadamard transform of
// each block, and a permutation. Lengths stay.
class Rotation {
 public:
  Rotation(size_t dim, SeededRandom& random);
  void apply(std::vector<float>& vector);

 private:
  struct Round {
    std::vector<float> signs;
    std::vector<uint32_t> order;
  };
  std::array<Round, 3> rounds_;
  size_t block_ = 1;  // The largest power of two that divides the dimension.
  std::vector<float> moved_;
};

class ClusteredVectors {
 public:
  explicit ClusteredVectors(const ClusterShape& shape);
  const std::vector<float>& next();

 private:
  ClusterShape shape_;
  SeededRandom random_;
  Rotation rotation_;
  std::vector<float> deviations_;                  // By direction, of mean square one.
  std::vector<float> centres_;                     // clusters * dim.
  std::vector<std::vector<uint32_t>> directions_;  // Each cluster has its own main directions.
  std::vector<double> weights_up_to_;
  std::vector<float> vector_;
};

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_ANN_CLUSTERED_H_
