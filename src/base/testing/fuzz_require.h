// require(): what a fuzz target holds true; anything else is a crash, which the fuzzer keeps.
#ifndef VEXFS_BASE_TESTING_FUZZ_REQUIRE_H_
#define VEXFS_BASE_TESTING_FUZZ_REQUIRE_H_

#include <cstdlib>

namespace vexfs {

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace vexfs

#endif  // VEXFS_BASE_TESTING_FUZZ_REQUIRE_H_
