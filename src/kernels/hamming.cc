// One source, compiled by Highway for each instruction set; AVX3_DL has VPOPCNT.
#include "kernels/hamming.h"

#include "kernels/dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/hamming.cc"
#include <hwy/foreach_target.h>  // Comes before highway.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vexfs::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

uint32_t hamming_words(const uint64_t* a, const uint64_t* b, size_t words) {
  const hn::ScalableTag<uint64_t> d;
  const size_t lanes = hn::Lanes(d);
  auto counts = hn::Zero(d);
  size_t i = 0;
  for (; i + lanes <= words; i += lanes) {
    const auto differences = hn::Xor(hn::LoadU(d, a + i), hn::LoadU(d, b + i));
    counts = hn::Add(counts, hn::PopulationCount(differences));
  }
  uint64_t total = hn::GetLane(hn::SumOfLanes(d, counts));
  for (; i < words; ++i) total += hwy::PopCount(a[i] ^ b[i]);
  return static_cast<uint32_t>(total);
}

}  // namespace vexfs::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vexfs::kernels {
namespace {

HWY_EXPORT(hamming_words);

using HammingWords = uint32_t (*)(const uint64_t*, const uint64_t*, size_t);

HammingWords choose() {
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return HWY_DYNAMIC_DISPATCH(hamming_words);
}

HammingWords chosen = choose();

}  // namespace

void choose_hamming_kernels() { chosen = choose(); }

uint32_t hamming(const uint64_t* a, const uint64_t* b, size_t words) { return chosen(a, b, words); }

}  // namespace vexfs::kernels
#endif  // HWY_ONCE
