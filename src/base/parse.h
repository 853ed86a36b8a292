// Numbers in option values and in requests: bounded, locale-free, neither allocating nor throwing.
//
// The whole text must be the number: no blanks, no sign, no unit. EINVAL for anything else, ERANGE
// for a number outside the bounds.
#ifndef VEXFS_BASE_PARSE_H_
#define VEXFS_BASE_PARSE_H_

#include <cstdint>
#include <string_view>

#include "base/limits.h"
#include "base/status.h"

namespace vexfs {

// Decimal digits; both bounds are inclusive.
Result<uint64_t> parse_u64(std::string_view text, uint64_t min, uint64_t max);

// Decimal seconds: "1", "0.5", ".5", "1."; no exponent. Digits past the nanoseconds must be digits
// and are dropped. `max` is inclusive and at most limits::kOptionSecondsMax.
Result<double> parse_seconds(std::string_view text, uint64_t max = limits::kOptionSecondsMax);

}  // namespace vexfs

#endif  // VEXFS_BASE_PARSE_H_
