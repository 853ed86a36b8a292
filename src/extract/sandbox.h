// What an extractor process gives up before it looks at a file.
#ifndef VEXFS_EXTRACT_SANDBOX_H_
#define VEXFS_EXTRACT_SANDBOX_H_

#include "base/status.h"

namespace vexfs::extract {

// Bounds CPU, memory and written files. As root, the process becomes nobody, without groups. All
// its capability sets are emptied and securebits reset, whatever it inherited; nothing that it
// starts gets more. It is the first to go when memory runs out. For this process and its children,
// for ever.
Status enter_sandbox();

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_SANDBOX_H_
