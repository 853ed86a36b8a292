// require(): a condition that a fuzz target checks. Where it does not hold the program crashes, and
// the fuzzer keeps the input.
#ifndef VEXFS_BASE_TESTING_FUZZ_REQUIRE_H_
#define VEXFS_BASE_TESTING_FUZZ_REQUIRE_H_

#include <cstdlib>

namespace vexfs {

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace vexfs

#endif  // VEXFS_BASE_TESTING_FUZZ_REQUIRE_H_
