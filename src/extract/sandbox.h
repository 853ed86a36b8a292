// What an extractor process gives up before it looks at a file.
#ifndef VEXFS_EXTRACT_SANDBOX_H_
#define VEXFS_EXTRACT_SANDBOX_H_

#include "base/status.h"

namespace vexfs::extract {

// What it leaves is reading the document, using memory and CPU within bounds, writing the text to
// standard output, and opening files of the system's libraries:
//
// - Limits of CPU time, memory, descriptors and processes. No file can be written and no core is
//   left. It becomes the kernel's first choice when memory runs out.
// - As root, the process becomes nobody, without groups. All its capability sets are emptied and
//   securebits reset, whatever it inherited, and no program that it executes gets more. The process
//   of an ordinary user keeps that user's id and groups, and a bounding set that no_new_privs
//   makes void.
// - No descriptors but the three standard ones; the root as working directory.
// - It dies with the thread that started it, and others cannot trace it.
// - No system calls but those of system_calls.h, and no files but those of readable_files.h.
//
// `program`: the path of the only program that it may become, one of hide_path(); null for none.
//
// This holds for the process and for what it becomes, and cannot be undone. It must be called
// before the process has other threads.
Status enter_sandbox(const char* program = nullptr);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_SANDBOX_H_
