// Which instruction set the kernels use: the CPU's best, chosen before main() so that no search has
// to choose. Each file has a table of its own kernels; these functions make its choice again.
#ifndef VEXFS_KERNELS_DISPATCH_H_
#define VEXFS_KERNELS_DISPATCH_H_

namespace vexfs::kernels {

// They choose anew among hwy::SupportedTargets(). For tests and benchmarks that try every
// instruction set in turn; no kernel may run meanwhile.
void choose_distance_kernels();
void choose_hamming_kernels();
void choose_code_kernels();

}  // namespace vexfs::kernels

#endif  // VEXFS_KERNELS_DISPATCH_H_
