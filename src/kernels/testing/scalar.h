// The oracle of tests: computes what every kernel does, in plain loops and double precision.
#ifndef VEXFS_KERNELS_TESTING_SCALAR_H_
#define VEXFS_KERNELS_TESTING_SCALAR_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#include "kernels/float16.h"

namespace vexfs::kernels::scalar {

template <typename Row>
double dot(const float* a, const Row* b, size_t dim) {
  double sum = 0;
  for (size_t i = 0; i < dim; ++i) sum += static_cast<double>(a[i]) * to_float(b[i]);
  return sum;
}

template <typename Row>
double l2_squared(const float* a, const Row* b, size_t dim) {
  double sum = 0;
  for (size_t i = 0; i < dim; ++i) {
    const double difference = static_cast<double>(a[i]) - to_float(b[i]);
    sum += difference * difference;
  }
  return sum;
}

template <typename Row>
double norm_squared(const Row* b, size_t dim) {
  double sum = 0;
  for (size_t i = 0; i < dim; ++i) sum += static_cast<double>(to_float(b[i])) * to_float(b[i]);
  return sum;
}

inline int32_t dot_codes(const uint8_t* row, const int8_t* query, size_t bytes) {
  int32_t sum = 0;
  for (size_t i = 0; i < bytes; ++i) sum += int32_t{row[i]} * query[i];
  return sum;
}

inline uint32_t hamming(const uint64_t* a, const uint64_t* b, size_t words) {
  uint32_t sum = 0;
  for (size_t i = 0; i < words; ++i) sum += static_cast<uint32_t>(std::popcount(a[i] ^ b[i]));
  return sum;
}

}  // namespace vexfs::kernels::scalar

#endif  // VEXFS_KERNELS_TESTING_SCALAR_H_
