// Distances between a float query and rows of float, half or bfloat16. One source, which Highway
// (https://github.com/google/highway) compiles for each instruction set by including this file once
// for each; the best one that the CPU has is chosen before main().
//
// Sums are floats, kept in several vectors, so results of instruction sets differ in rounding:
// distance_test.cc states by how much.
#include "kernels/distance.h"

#include "kernels/dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/distance.cc"
#include <hwy/foreach_target.h>  // Comes before highway.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vexfs::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using Vector = hn::Vec<Floats>;
using Shorts = hn::Rebind<uint16_t, Floats>;

// AVX-512 reads the last elements of a row under a mask. Elsewhere a masked load may touch memory
// behind the row, so a scalar loop handles them.
constexpr bool kMaskedTail = HWY_TARGET <= HWY_AVX3;

HWY_INLINE const uint16_t* bits_of(const Float16* row) {
  return reinterpret_cast<const uint16_t*>(row);
}
HWY_INLINE const uint16_t* bits_of(const BFloat16* row) {
  return reinterpret_cast<const uint16_t*>(row);
}

HWY_INLINE Vector widen(hn::Vec<Shorts> bits, const Float16* /*row*/) {
  return hn::PromoteTo(Floats(), hn::BitCast(hn::Rebind<hwy::float16_t, Floats>(), bits));
}
HWY_INLINE Vector widen(hn::Vec<Shorts> bits, const BFloat16* /*row*/) {
  const hn::Rebind<uint32_t, Floats> words;
  return hn::BitCast(Floats(), hn::ShiftLeft<16>(hn::PromoteTo(words, bits)));
}

HWY_INLINE Vector load(const float* row) { return hn::LoadU(Floats(), row); }
template <typename Row>
HWY_INLINE Vector load(const Row* row) {
  return widen(hn::LoadU(Shorts(), bits_of(row)), row);
}

// Loads the first `count` elements, followed by zeros. Only some targets need it.
[[maybe_unused]] HWY_INLINE Vector load_first(const float* row, size_t count) {
  return hn::MaskedLoad(hn::FirstN(Floats(), count), Floats(), row);
}
template <typename Row>
[[maybe_unused]] HWY_INLINE Vector load_first(const Row* row, size_t count) {
  return widen(hn::MaskedLoad(hn::FirstN(Shorts(), count), Shorts(), bits_of(row)), row);
}

HWY_INLINE float sum_of_lanes(Vector v) { return hn::GetLane(hn::SumOfLanes(Floats(), v)); }

// The terms that a kernel sums: of vectors, and of single numbers for the last elements.
struct Products {
  static HWY_INLINE Vector add(Vector q, Vector r, Vector sum) { return hn::MulAdd(q, r, sum); }
  static HWY_INLINE float term(float q, float r) { return q * r; }
};
struct SquaredDifferences {
  static HWY_INLINE Vector add(Vector q, Vector r, Vector sum) {
    const Vector difference = hn::Sub(q, r);
    return hn::MulAdd(difference, difference, sum);
  }
  static HWY_INLINE float term(float q, float r) { return (q - r) * (q - r); }
};

// Keeps four sums: a multiply-add takes some cycles, and those of one sum wait for each other.
template <typename Terms, typename Row>
HWY_INLINE float sum(const float* query, const Row* row, size_t dim) {
  const size_t lanes = hn::Lanes(Floats());
  Vector sum0 = hn::Zero(Floats());
  Vector sum1 = sum0;
  Vector sum2 = sum0;
  Vector sum3 = sum0;
  size_t i = 0;
  for (; i + 4 * lanes <= dim; i += 4 * lanes) {
    sum0 = Terms::add(load(query + i), load(row + i), sum0);
    sum1 = Terms::add(load(query + i + lanes), load(row + i + lanes), sum1);
    sum2 = Terms::add(load(query + i + 2 * lanes), load(row + i + 2 * lanes), sum2);
    sum3 = Terms::add(load(query + i + 3 * lanes), load(row + i + 3 * lanes), sum3);
  }
  if (i + 2 * lanes <= dim) {
    sum0 = Terms::add(load(query + i), load(row + i), sum0);
    sum1 = Terms::add(load(query + i + lanes), load(row + i + lanes), sum1);
    i += 2 * lanes;
  }
  if (i + lanes <= dim) {
    sum2 = Terms::add(load(query + i), load(row + i), sum2);
    i += lanes;
  }
  if constexpr (kMaskedTail) {
    if (i < dim)
      sum3 = Terms::add(load_first(query + i, dim - i), load_first(row + i, dim - i), sum3);
    i = dim;
  }
  float total = sum_of_lanes(hn::Add(hn::Add(sum0, sum1), hn::Add(sum2, sum3)));
  for (; i < dim; ++i) total += Terms::term(query[i], to_float(row[i]));
  return total;
}

// Both sums of a cosine in one pass over the row: reading it is what costs.
template <typename Row>
HWY_INLINE DotAndNorm dot_and_norm_of(const float* query, const Row* row, size_t dim) {
  const size_t lanes = hn::Lanes(Floats());
  Vector dot0 = hn::Zero(Floats());
  Vector dot1 = dot0;
  Vector norm0 = dot0;
  Vector norm1 = dot0;
  size_t i = 0;
  for (; i + 2 * lanes <= dim; i += 2 * lanes) {
    const Vector r0 = load(row + i);
    const Vector r1 = load(row + i + lanes);
    dot0 = hn::MulAdd(load(query + i), r0, dot0);
    dot1 = hn::MulAdd(load(query + i + lanes), r1, dot1);
    norm0 = hn::MulAdd(r0, r0, norm0);
    norm1 = hn::MulAdd(r1, r1, norm1);
  }
  if (i + lanes <= dim) {
    const Vector r = load(row + i);
    dot0 = hn::MulAdd(load(query + i), r, dot0);
    norm0 = hn::MulAdd(r, r, norm0);
    i += lanes;
  }
  if constexpr (kMaskedTail) {
    const Vector r = load_first(row + i, dim - i);
    dot1 = hn::MulAdd(load_first(query + i, dim - i), r, dot1);
    norm1 = hn::MulAdd(r, r, norm1);
    i = dim;
  }
  DotAndNorm result = {sum_of_lanes(hn::Add(dot0, dot1)), sum_of_lanes(hn::Add(norm0, norm1))};
  for (; i < dim; ++i) {
    const float r = to_float(row[i]);
    result.dot += query[i] * r;
    result.norm_squared += r * r;
  }
  return result;
}

}  // namespace

float dot_f32(const float* q, const float* r, size_t dim) { return sum<Products>(q, r, dim); }
float dot_f16(const float* q, const Float16* r, size_t dim) { return sum<Products>(q, r, dim); }
float dot_bf16(const float* q, const BFloat16* r, size_t dim) { return sum<Products>(q, r, dim); }
float l2_f32(const float* q, const float* r, size_t dim) {
  return sum<SquaredDifferences>(q, r, dim);
}
float l2_f16(const float* q, const Float16* r, size_t dim) {
  return sum<SquaredDifferences>(q, r, dim);
}
float l2_bf16(const float* q, const BFloat16* r, size_t dim) {
  return sum<SquaredDifferences>(q, r, dim);
}
DotAndNorm norm_f32(const float* q, const float* r, size_t dim) {
  return dot_and_norm_of(q, r, dim);
}
DotAndNorm norm_f16(const float* q, const Float16* r, size_t dim) {
  return dot_and_norm_of(q, r, dim);
}
DotAndNorm norm_bf16(const float* q, const BFloat16* r, size_t dim) {
  return dot_and_norm_of(q, r, dim);
}

}  // namespace vexfs::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vexfs::kernels {
namespace {

HWY_EXPORT(dot_f32);
HWY_EXPORT(dot_f16);
HWY_EXPORT(dot_bf16);
HWY_EXPORT(l2_f32);
HWY_EXPORT(l2_f16);
HWY_EXPORT(l2_bf16);
HWY_EXPORT(norm_f32);
HWY_EXPORT(norm_f16);
HWY_EXPORT(norm_bf16);

template <typename Row, typename Distance>
using Kernel = Distance (*)(const float*, const Row*, size_t);

struct Kernels {
  Kernel<float, float> dot_f32;
  Kernel<Float16, float> dot_f16;
  Kernel<BFloat16, float> dot_bf16;
  Kernel<float, float> l2_f32;
  Kernel<Float16, float> l2_f16;
  Kernel<BFloat16, float> l2_bf16;
  Kernel<float, DotAndNorm> norm_f32;
  Kernel<Float16, DotAndNorm> norm_f16;
  Kernel<BFloat16, DotAndNorm> norm_bf16;
};

// A table of pointers instead of Highway's dispatch, which looks the choice up at each call.
Kernels choose() {
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return {HWY_DYNAMIC_DISPATCH(dot_f32),  HWY_DYNAMIC_DISPATCH(dot_f16),
          HWY_DYNAMIC_DISPATCH(dot_bf16), HWY_DYNAMIC_DISPATCH(l2_f32),
          HWY_DYNAMIC_DISPATCH(l2_f16),   HWY_DYNAMIC_DISPATCH(l2_bf16),
          HWY_DYNAMIC_DISPATCH(norm_f32), HWY_DYNAMIC_DISPATCH(norm_f16),
          HWY_DYNAMIC_DISPATCH(norm_bf16)};
}

Kernels chosen = choose();

}  // namespace

void choose_distance_kernels() { chosen = choose(); }

float dot(const float* q, const float* r, size_t dim) { return chosen.dot_f32(q, r, dim); }
float dot(const float* q, const Float16* r, size_t dim) { return chosen.dot_f16(q, r, dim); }
float dot(const float* q, const BFloat16* r, size_t dim) { return chosen.dot_bf16(q, r, dim); }
float l2_squared(const float* q, const float* r, size_t dim) { return chosen.l2_f32(q, r, dim); }
float l2_squared(const float* q, const Float16* r, size_t dim) { return chosen.l2_f16(q, r, dim); }
float l2_squared(const float* q, const BFloat16* r, size_t dim) {
  return chosen.l2_bf16(q, r, dim);
}
DotAndNorm dot_and_norm(const float* q, const float* r, size_t dim) {
  return chosen.norm_f32(q, r, dim);
}
DotAndNorm dot_and_norm(const float* q, const Float16* r, size_t dim) {
  return chosen.norm_f16(q, r, dim);
}
DotAndNorm dot_and_norm(const float* q, const BFloat16* r, size_t dim) {
  return chosen.norm_bf16(q, r, dim);
}

}  // namespace vexfs::kernels
#endif  // HWY_ONCE
