// Dot products of codes: integers, so all instruction sets have the same results. One source,
// compiled by Highway for each. Highway 1.0 has no VNNI operations: where the target has the
// instruction (AVX3_DL), it is used directly.
//
// Many rows a call: the choice of the instruction set is paid once for a hop of a graph search.
#include "kernels/code_distance.h"

#include "kernels/dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/code_distance.cc"
#include <hwy/foreach_target.h>  // Comes before highway.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vexfs::kernels::HWY_NAMESPACE {
namespace {

const uint8_t* codes_of(CodeRows rows, uint32_t slot) {
  return reinterpret_cast<const uint8_t*>(rows.row(slot));
}

#if HWY_TARGET == HWY_AVX3_DL

// VPDPBUSD: adds the products of unsigned `codes` and signed `query` to `sum`, four to a lane. It
// is written in assembly, since Highway's compiler flags for this target leave VNNI out, though
// Highway requires it of the CPU.
HWY_INLINE __m512i dot_add(__m512i sum, __m512i codes, __m512i query) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(codes), "v"(query));
  return sum;
}

HWY_INLINE __m256i halves(__m512i v) {
  return _mm256_add_epi32(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
}

// The sums of four registers, in order.
HWY_INLINE __m128i sums(__m512i a, __m512i b, __m512i c, __m512i d) {
  const __m256i ab = _mm256_hadd_epi32(halves(a), halves(b));
  const __m256i cd = _mm256_hadd_epi32(halves(c), halves(d));
  const __m256i abcd = _mm256_hadd_epi32(ab, cd);
  return _mm_add_epi32(_mm256_castsi256_si128(abcd), _mm256_extracti128_si256(abcd, 1));
}

// Computes four rows at once: their sums are independent, and share each part of the query.
HWY_INLINE __m128i dot_four(const int8_t* query, size_t dim, const uint8_t* a, const uint8_t* b,
                            const uint8_t* c, const uint8_t* d) {
  __m512i sum_a = _mm512_setzero_si512();
  __m512i sum_b = sum_a;
  __m512i sum_c = sum_a;
  __m512i sum_d = sum_a;
  size_t i = 0;
  for (; i + 64 <= dim; i += 64) {
    const __m512i q = _mm512_loadu_si512(query + i);
    sum_a = dot_add(sum_a, _mm512_loadu_si512(a + i), q);
    sum_b = dot_add(sum_b, _mm512_loadu_si512(b + i), q);
    sum_c = dot_add(sum_c, _mm512_loadu_si512(c + i), q);
    sum_d = dot_add(sum_d, _mm512_loadu_si512(d + i), q);
  }
  if (i < dim) {
    const __mmask64 rest = (uint64_t{1} << (dim - i)) - 1;
    const __m512i q = _mm512_maskz_loadu_epi8(rest, query + i);
    sum_a = dot_add(sum_a, _mm512_maskz_loadu_epi8(rest, a + i), q);
    sum_b = dot_add(sum_b, _mm512_maskz_loadu_epi8(rest, b + i), q);
    sum_c = dot_add(sum_c, _mm512_maskz_loadu_epi8(rest, c + i), q);
    sum_d = dot_add(sum_d, _mm512_maskz_loadu_epi8(rest, d + i), q);
  }
  return sums(sum_a, sum_b, sum_c, sum_d);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE int32_t dot_one(const int8_t* query, size_t dim, const uint8_t* row) {
  size_t i = 0;
  int32_t total = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<int32_t> sum_tag;
  const hn::Repartition<int16_t, decltype(sum_tag)> wide_tag;
  const hn::Rebind<int8_t, decltype(wide_tag)> query_tag;
  const hn::Rebind<uint8_t, decltype(wide_tag)> row_tag;
  const size_t lanes = hn::Lanes(wide_tag);
  auto even = hn::Zero(sum_tag);
  auto odd = hn::Zero(sum_tag);
  for (; i + lanes <= dim; i += lanes) {
    const auto q = hn::PromoteTo(wide_tag, hn::LoadU(query_tag, query + i));
    const auto r = hn::PromoteTo(wide_tag, hn::LoadU(row_tag, row + i));
    even = hn::ReorderWidenMulAccumulate(sum_tag, q, r, even, odd);
  }
  total = hn::GetLane(hn::SumOfLanes(sum_tag, hn::Add(even, odd)));
#endif
  for (; i < dim; ++i) total += int32_t{row[i]} * query[i];
  return total;
}

#endif

}  // namespace

void dot_code_rows(const int8_t* query, size_t dim, CodeRows rows, const uint32_t* slots,
                   size_t count, int32_t* dots) {
#if HWY_TARGET == HWY_AVX3_DL
  size_t j = 0;
  for (; j + 4 <= count; j += 4) {
    const __m128i four =
        dot_four(query, dim, codes_of(rows, slots[j]), codes_of(rows, slots[j + 1]),
                 codes_of(rows, slots[j + 2]), codes_of(rows, slots[j + 3]));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(dots + j), four);
  }
  if (j == count) return;
  // The remaining rows, with the last one repeated.
  const size_t last = count - 1;
  const uint8_t* const a = codes_of(rows, slots[j]);
  const uint8_t* const b = codes_of(rows, slots[j + 1 < last ? j + 1 : last]);
  const uint8_t* const c = codes_of(rows, slots[last]);
  const __m128i four = dot_four(query, dim, a, b, c, c);
  _mm_mask_storeu_epi32(dots + j, static_cast<__mmask8>((1U << (count - j)) - 1), four);
#else
  for (size_t j = 0; j < count; ++j) dots[j] = dot_one(query, dim, codes_of(rows, slots[j]));
#endif
}

}  // namespace vexfs::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vexfs::kernels {
namespace {

HWY_EXPORT(dot_code_rows);

using DotCodeRows = void (*)(const int8_t*, size_t, CodeRows, const uint32_t*, size_t, int32_t*);

DotCodeRows choose() {
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return HWY_DYNAMIC_DISPATCH(dot_code_rows);
}

DotCodeRows chosen = choose();

}  // namespace

void choose_code_kernels() { chosen = choose(); }

void dot_codes(const int8_t* query, size_t dim, CodeRows rows, const uint32_t* slots, size_t count,
               int32_t* dots) {
  chosen(query, dim, rows, slots, count, dots);
}

}  // namespace vexfs::kernels
#endif  // HWY_ONCE
