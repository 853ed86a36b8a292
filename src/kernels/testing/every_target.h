// For tests: runs a check once for each instruction set that this CPU has.
#ifndef VEXFS_KERNELS_TESTING_EVERY_TARGET_H_
#define VEXFS_KERNELS_TESTING_EVERY_TARGET_H_

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cstdint>

#include "kernels/dispatch.h"

namespace vexfs::kernels {

template <typename Body>
void for_every_target(Body body) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    choose_distance_kernels();
    choose_hamming_kernels();
    choose_code_kernels();
    body();
  }
  hwy::SetSupportedTargetsForTest(0);
  choose_distance_kernels();
  choose_hamming_kernels();
  choose_code_kernels();
}

}  // namespace vexfs::kernels

#endif  // VEXFS_KERNELS_TESTING_EVERY_TARGET_H_
