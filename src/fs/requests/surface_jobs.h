// What the workers of the surface do: queries, administration, and directories of results.
#ifndef VEXFS_FS_REQUESTS_SURFACE_JOBS_H_
#define VEXFS_FS_REQUESTS_SURFACE_JOBS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "fs/requests/file_system.h"
#include "fs/surface/surface_workers.h"

namespace vexfs::fs {

// What ResultWatches asks for.
Result<std::vector<std::string>> watched_paths(void* file_system, const WatchedQuestion& question);
uint64_t watched_generation(void* file_system);

// Answers the job's request, once. `file_system` is the FileSystem. On a worker.
void do_surface_job(void* file_system, SurfaceJob& job);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_SURFACE_JOBS_H_
