// The mixture of clusters, its rotation, and its random numbers.
#include "clustered.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace vexfs::bench {
namespace {

uint64_t rotate_left(uint64_t value, int bits) { return value << bits | value >> (64 - bits); }

void shuffle(std::vector<uint32_t>& order, SeededRandom& random) {
  for (size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1)]);
}

std::vector<uint32_t> shuffled(size_t count, SeededRandom& random) {
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  shuffle(order, random);
  return order;
}

void normalise(std::vector<float>& vector) {
  double squares = 0;
  for (const float value : vector) squares += double{value} * value;
  const auto scale = static_cast<float>(1 / std::sqrt(squares));
  for (float& value : vector) value *= scale;
}

// The Walsh-Hadamard transform in place, not scaled. The size of a block is a power of two.
void hadamard(float* values, size_t block) {
  for (size_t half = 1; half < block; half *= 2) {
    for (size_t begin = 0; begin < block; begin += 2 * half) {
      for (size_t i = begin; i < begin + half; ++i) {
        const float a = values[i];
        const float b = values[i + half];
        values[i] = a + b;
        values[i + half] = a - b;
      }
    }
  }
}

}  // namespace

SeededRandom::SeededRandom(uint64_t seed) {
  for (uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15U;
    uint64_t mixed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebU;
    word = mixed ^ mixed >> 31;
  }
}

uint64_t SeededRandom::bits() {
  const uint64_t result = rotate_left(state_[0] + state_[3], 23) + state_[0];
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

double SeededRandom::uniform() { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; }

double SeededRandom::normal() {
  if (std::exchange(has_spare_, false)) return spare_;
  const double radius = std::sqrt(-2 * std::log(uniform()));
  const double angle = 2 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

Rotation::Rotation(size_t dim, SeededRandom& random) : moved_(dim) {
  while (dim % (block_ * 2) == 0) block_ *= 2;
  for (Round& round : rounds_) {
    round.signs.resize(dim);
    for (float& sign : round.signs) sign = random.below(2) == 0 ? -1.0F : 1.0F;
    round.order = shuffled(dim, random);
  }
}

void Rotation::apply(std::vector<float>& vector) {
  const float scale = 1 / std::sqrt(static_cast<float>(block_));
  for (const Round& round : rounds_) {
    for (size_t i = 0; i < vector.size(); ++i) vector[i] *= round.signs[i] * scale;
    for (size_t i = 0; i < vector.size(); i += block_) hadamard(&vector[i], block_);
    for (size_t i = 0; i < vector.size(); ++i) moved_[i] = vector[round.order[i]];
    vector.swap(moved_);
  }
}

ClusteredVectors::ClusteredVectors(const ClusterShape& shape)
    : shape_(shape),
      random_(shape.seed),
      rotation_(shape.dim, random_),
      deviations_(shape.dim),
      centres_(shape.clusters * shape.dim),
      vector_(shape.dim) {
  double energy = 0;
  for (size_t i = 0; i < shape.dim; ++i) {
    deviations_[i] = static_cast<float>(std::pow(1.0 + static_cast<double>(i), -shape.decay));
    energy += double{deviations_[i]} * deviations_[i];
  }
  const auto scale = static_cast<float>(std::sqrt(static_cast<double>(shape.dim) / energy));
  for (float& deviation : deviations_) deviation *= scale;

  double weight = 0;
  for (size_t c = 0; c < shape.clusters; ++c) {
    for (size_t i = 0; i < shape.dim; ++i)
      centres_[c * shape.dim + i] = deviations_[i] * static_cast<float>(random_.normal());
    directions_.push_back(shuffled(shape.dim, random_));
    weight += 1 / std::sqrt(1.0 + static_cast<double>(c));
    weights_up_to_.push_back(weight);
  }
}

const std::vector<float>& ClusteredVectors::next() {
  const double drawn = random_.uniform() * weights_up_to_.back();
  const auto at = std::lower_bound(weights_up_to_.begin(), weights_up_to_.end(), drawn);
  const auto cluster = static_cast<size_t>(at - weights_up_to_.begin());
  const float* centre = &centres_[cluster * shape_.dim];
  const auto spread = static_cast<float>(shape_.spread);
  for (size_t i = 0; i < shape_.dim; ++i) {
    const float deviation = spread * deviations_[directions_[cluster][i]];
    vector_[i] = centre[i] + deviation * static_cast<float>(random_.normal());
  }
  rotation_.apply(vector_);
  if (shape_.normalised) normalise(vector_);
  return vector_;
}

}  // namespace vexfs::bench
