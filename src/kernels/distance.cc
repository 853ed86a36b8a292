// One source, compiled by Highway for each instruction set.
#include "kernels/distance.h"

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

HWY_INLINE Vector load(Floats d, const float* row) { return hn::LoadU(d, row); }

HWY_INLINE Vector load(Floats d, const Float16* row) {
  const hn::Rebind<hwy::float16_t, Floats> halves;
  return hn::PromoteTo(d, hn::LoadU(halves, reinterpret_cast<const hwy::float16_t*>(row)));
}

HWY_INLINE Vector load(Floats d, const BFloat16* row) {
  const hn::Rebind<uint16_t, Floats> halves;
  const hn::Rebind<uint32_t, Floats> words;
  const auto bits = hn::PromoteTo(words, hn::LoadU(halves, reinterpret_cast<const uint16_t*>(row)));
  return hn::BitCast(d, hn::ShiftLeft<16>(bits));
}

// Two accumulators hide the latency of the multiply-add; the tail is scalar.
template <typename Row, typename Step, typename Tail>
HWY_INLINE float sum(const float* query, const Row* row, size_t dim, Step step, Tail tail) {
  const Floats d;
  const size_t lanes = hn::Lanes(d);
  Vector even = hn::Zero(d);
  Vector odd = hn::Zero(d);
  size_t i = 0;
  for (; i + 2 * lanes <= dim; i += 2 * lanes) {
    even = step(hn::LoadU(d, query + i), load(d, row + i), even);
    odd = step(hn::LoadU(d, query + i + lanes), load(d, row + i + lanes), odd);
  }
  if (i + lanes <= dim) {
    even = step(hn::LoadU(d, query + i), load(d, row + i), even);
    i += lanes;
  }
  float total = hn::GetLane(hn::SumOfLanes(d, hn::Add(even, odd)));
  for (; i < dim; ++i) total += tail(query[i], to_float(row[i]));
  return total;
}

template <typename Row>
HWY_INLINE float dot_of(const float* query, const Row* row, size_t dim) {
  return sum(
      query, row, dim,
      [](Vector q, Vector r, Vector acc) HWY_ATTR { return hn::MulAdd(q, r, acc); },
      [](float q, float r) { return q * r; });
}

template <typename Row>
HWY_INLINE float l2_of(const float* query, const Row* row, size_t dim) {
  return sum(
      query, row, dim,
      [](Vector q, Vector r, Vector acc) HWY_ATTR {
        const Vector difference = hn::Sub(q, r);
        return hn::MulAdd(difference, difference, acc);
      },
      [](float q, float r) { return (q - r) * (q - r); });
}

template <typename Row>
HWY_INLINE DotAndNorm dot_and_norm_of(const float* query, const Row* row, size_t dim) {
  const Floats d;
  const size_t lanes = hn::Lanes(d);
  Vector dots = hn::Zero(d);
  Vector squares = hn::Zero(d);
  size_t i = 0;
  for (; i + lanes <= dim; i += lanes) {
    const Vector r = load(d, row + i);
    dots = hn::MulAdd(hn::LoadU(d, query + i), r, dots);
    squares = hn::MulAdd(r, r, squares);
  }
  DotAndNorm result = {hn::GetLane(hn::SumOfLanes(d, dots)),
                       hn::GetLane(hn::SumOfLanes(d, squares))};
  for (; i < dim; ++i) {
    const float r = to_float(row[i]);
    result.dot += query[i] * r;
    result.norm_squared += r * r;
  }
  return result;
}

}  // namespace

float dot_f32(const float* q, const float* r, size_t dim) { return dot_of(q, r, dim); }
float dot_f16(const float* q, const Float16* r, size_t dim) { return dot_of(q, r, dim); }
float dot_bf16(const float* q, const BFloat16* r, size_t dim) { return dot_of(q, r, dim); }
float l2_f32(const float* q, const float* r, size_t dim) { return l2_of(q, r, dim); }
float l2_f16(const float* q, const Float16* r, size_t dim) { return l2_of(q, r, dim); }
float l2_bf16(const float* q, const BFloat16* r, size_t dim) { return l2_of(q, r, dim); }
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

// Chosen before main(), so that no search is the first to ask what the CPU can do.
struct Chosen {
  Chosen() { hwy::GetChosenTarget().Update(hwy::SupportedTargets()); }
  template <typename Function>
  Function* pick(Function* function) {
    return function;
  }
};
Chosen chosen;

float (*const chosen_dot_f32)(const float*, const float*,
                              size_t) = chosen.pick(HWY_DYNAMIC_DISPATCH(dot_f32));
float (*const chosen_dot_f16)(const float*, const Float16*,
                              size_t) = chosen.pick(HWY_DYNAMIC_DISPATCH(dot_f16));
float (*const chosen_dot_bf16)(const float*, const BFloat16*,
                               size_t) = chosen.pick(HWY_DYNAMIC_DISPATCH(dot_bf16));
float (*const chosen_l2_f32)(const float*, const float*,
                             size_t) = chosen.pick(HWY_DYNAMIC_DISPATCH(l2_f32));
float (*const chosen_l2_f16)(const float*, const Float16*,
                             size_t) = chosen.pick(HWY_DYNAMIC_DISPATCH(l2_f16));
float (*const chosen_l2_bf16)(const float*, const BFloat16*,
                              size_t) = chosen.pick(HWY_DYNAMIC_DISPATCH(l2_bf16));
DotAndNorm (*const chosen_norm_f32)(const float*, const float*,
                                    size_t) = chosen.pick(HWY_DYNAMIC_DISPATCH(norm_f32));
DotAndNorm (*const chosen_norm_f16)(const float*, const Float16*,
                                    size_t) = chosen.pick(HWY_DYNAMIC_DISPATCH(norm_f16));
DotAndNorm (*const chosen_norm_bf16)(const float*, const BFloat16*,
                                     size_t) = chosen.pick(HWY_DYNAMIC_DISPATCH(norm_bf16));

}  // namespace

float dot(const float* q, const float* r, size_t dim) { return chosen_dot_f32(q, r, dim); }
float dot(const float* q, const Float16* r, size_t dim) { return chosen_dot_f16(q, r, dim); }
float dot(const float* q, const BFloat16* r, size_t dim) { return chosen_dot_bf16(q, r, dim); }
float l2_squared(const float* q, const float* r, size_t dim) { return chosen_l2_f32(q, r, dim); }
float l2_squared(const float* q, const Float16* r, size_t dim) { return chosen_l2_f16(q, r, dim); }
float l2_squared(const float* q, const BFloat16* r, size_t dim) {
  return chosen_l2_bf16(q, r, dim);
}
DotAndNorm dot_and_norm(const float* q, const float* r, size_t dim) {
  return chosen_norm_f32(q, r, dim);
}
DotAndNorm dot_and_norm(const float* q, const Float16* r, size_t dim) {
  return chosen_norm_f16(q, r, dim);
}
DotAndNorm dot_and_norm(const float* q, const BFloat16* r, size_t dim) {
  return chosen_norm_bf16(q, r, dim);
}

}  // namespace vexfs::kernels
#endif  // HWY_ONCE
