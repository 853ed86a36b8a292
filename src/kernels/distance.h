// Distances of a float query to stored rows of float, half or bfloat16.
//
// The functions take any dimension and finite numbers. Rows need the alignment of their elements
// only, and nothing is read past their end. A sum of n terms t_i is off by at most (n + 3) 2^-24
// sum |t_i|, and n 2^-148 where terms underflow. The instruction set is chosen once, when the
// program starts (dispatch.h).
#ifndef VEXFS_KERNELS_DISTANCE_H_
#define VEXFS_KERNELS_DISTANCE_H_

#include <cstddef>

#include "kernels/float16.h"

namespace vexfs::kernels {

struct DotAndNorm {
  float dot;           // query . row
  float norm_squared;  // row . row
};

float dot(const float* query, const float* row, size_t dim);
float dot(const float* query, const Float16* row, size_t dim);
float dot(const float* query, const BFloat16* row, size_t dim);

float l2_squared(const float* query, const float* row, size_t dim);
float l2_squared(const float* query, const Float16* row, size_t dim);
float l2_squared(const float* query, const BFloat16* row, size_t dim);

// Computes both in one pass over the row, as a cosine needs them.
DotAndNorm dot_and_norm(const float* query, const float* row, size_t dim);
DotAndNorm dot_and_norm(const float* query, const Float16* row, size_t dim);
DotAndNorm dot_and_norm(const float* query, const BFloat16* row, size_t dim);

}  // namespace vexfs::kernels

#endif  // VEXFS_KERNELS_DISTANCE_H_
