// Directories of results: from what a caller asks of `search` and `similar` to ranked links.
#ifndef VEXFS_FS_REQUESTS_RESULT_JOBS_H_
#define VEXFS_FS_REQUESTS_RESULT_JOBS_H_

#include <string_view>

#include "fs/requests/file_system.h"
#include "fs/surface/result_table.h"
#include "tree/credentials.h"

namespace vexfs::fs {

// One question: who asks what of which directory. It owns nothing. For workers.
struct ResultRequest {
  const tree::Credentials& caller;
  // The directory that is asked, as a node and as a key.
  NodeId node;
  const store::ObjectKey& directory;
  ResultQuestion::Kind kind;
  // A query, or the name of a file of the directory.
  std::string_view text;
};

// The directory of results that answers the question: the last one, where it is still valid, or a
// new one. EINVAL for an empty query, ENODATA for a file without vectors, otherwise the errors of
// Engine::search.
Result<ResultTable::Held> results_of(FileSystem& fs, const ResultRequest& request);

// The hits as they are now. Nothing is kept. Errors as above.
Result<engine::QueryResult> hits_of(FileSystem& fs, const ResultRequest& request);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_RESULT_JOBS_H_
