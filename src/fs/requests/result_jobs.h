// Directories of results: from what a caller asks of `search` and `similar` to ranked links.
#ifndef VEXFS_FS_REQUESTS_RESULT_JOBS_H_
#define VEXFS_FS_REQUESTS_RESULT_JOBS_H_

#include <string_view>

#include "fs/requests/file_system.h"
#include "fs/surface/result_table.h"
#include "tree/credentials.h"

namespace vexfs::fs {

// Who asks, and what of which directory. On a worker.
struct ResultRequest {
  const tree::Credentials& caller;
  NodeId node;                        // The directory that is asked.
  const store::ObjectKey& directory;  // The same.
  ResultQuestion::Kind kind;
  std::string_view text;  // A query, or the name of a file.
};

// What was answered lately, or a new answer. EINVAL for a query that says nothing; ENODATA for a
// file without vectors; as Engine::search.
Result<ResultTable::Held> results_of(FileSystem& fs, const ResultRequest& request);

// The hits alone, as they are now: nothing is kept.
Result<engine::QueryResult> hits_of(FileSystem& fs, const ResultRequest& request);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_RESULT_JOBS_H_
