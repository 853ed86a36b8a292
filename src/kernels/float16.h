// Half precision and bfloat16 as they are stored, and their conversions. Spaces store Float16
// today; BFloat16 is for spaces of that element type.
#ifndef VEXFS_KERNELS_FLOAT16_H_
#define VEXFS_KERNELS_FLOAT16_H_

#include <bit>
#include <cstddef>
#include <cstdint>

namespace vexfs::kernels {

enum class Float16 : uint16_t {};   // IEEE 754 binary16.
enum class BFloat16 : uint16_t {};  // The upper half of a binary32.

inline float to_float(float value) { return value; }

inline float to_float(BFloat16 value) {
  return std::bit_cast<float>(static_cast<uint32_t>(value) << 16);
}

inline float to_float(Float16 value) {
  const auto half = static_cast<uint32_t>(value);
  const uint32_t sign = (half & 0x8000U) << 16;
  const uint32_t exponent = half >> 10 & 0x1fU;
  const uint32_t fraction = half & 0x3ffU;
  if (exponent == 0) {  // Zero or subnormal: a multiple of 2^-24.
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return std::bit_cast<float>(std::bit_cast<uint32_t>(magnitude) | sign);
  }
  const uint32_t widened = exponent == 0x1fU ? 0xffU : exponent + 112;
  return std::bit_cast<float>(sign | widened << 23 | fraction << 13);
}

// Both round to nearest, ties to even; beyond the largest finite number to infinity.
inline BFloat16 to_bfloat16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffffU) > 0x7f800000U)
    return BFloat16{static_cast<uint16_t>(bits >> 16 | 0x40U)};
  return BFloat16{static_cast<uint16_t>((bits + 0x7fffU + (bits >> 16 & 1U)) >> 16)};
}

inline Float16 to_float16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = bits >> 16 & 0x8000U;
  const uint32_t magnitude = bits & 0x7fffffffU;
  if (magnitude > 0x7f800000U) return Float16{static_cast<uint16_t>(sign | 0x7e00U)};  // NaN.
  // From 65520 on, half a step above the largest finite half, numbers round to infinity.
  if (magnitude >= 0x477ff000U) return Float16{static_cast<uint16_t>(sign | 0x7c00U)};
  if (magnitude < 0x38800000U) {  // Subnormal: adding 0.5 lets the hardware round to 2^-24.
    const float rounded = std::bit_cast<float>(magnitude) + 0.5F;
    return Float16{static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(rounded) & 0x7ffU))};
  }
  // The exponent's bias changes from 127 to 15. Adding half a step less one, and the last bit that
  // stays, rounds ties to even.
  const uint32_t rounded = magnitude - 0x38000000U + 0xfffU + (magnitude >> 13 & 1U);
  return Float16{static_cast<uint16_t>(sign | rounded >> 13)};
}

}  // namespace vexfs::kernels

#endif  // VEXFS_KERNELS_FLOAT16_H_
