// What an extractor process gives up before it looks at a file.
#ifndef VEXFS_EXTRACT_SANDBOX_H_
#define VEXFS_EXTRACT_SANDBOX_H_

#include "base/status.h"

namespace vexfs::extract {

// Bounds CPU time and memory, and forbids to write files. As root, the process becomes nobody,
// without groups. All its capability sets are emptied and securebits reset, whatever it inherited,
// and no program that it executes gets more. It becomes the kernel's first choice when memory runs
// out. This holds for the process and its children and cannot be undone. It must be called
// before the process has other threads.
Status enter_sandbox();

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_SANDBOX_H_
