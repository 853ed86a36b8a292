// Writes the replies of the query protocol in JSON (docs/query.md).
#ifndef VEXFS_ENGINE_QUERY_REPLY_JSON_H_
#define VEXFS_ENGINE_QUERY_REPLY_JSON_H_

#include <string>

#include "base/json_writer.h"
#include "base/refusal.h"
#include "engine/query/query.h"
#include "engine/query/text_progress.h"

namespace vexfs::engine {

// Each write function replaces `reply` with one JSON object and a newline.
void write_hits(const QueryResult& result, std::string& reply);
void write_error(const Refusal& refusal, std::string& reply);
// Writes {"MEMBER":[…],"complete":…}.
void write_duplicates(const DuplicatesResult& result, const char* member, std::string& reply);
void write_files(const FileList& list, std::string& reply);
// Writes {"failures":[{"path":…,"state":"failed|skipped","why":…},…],"more":BOOL}.
void write_failures(const FileList& list, std::string& reply);
// Writes {"progress":{…}}. Without `counts` the numbers of files are left out, since they count
// files that the caller may not see.
void write_progress(const TextProgress& progress, bool counts, std::string& reply);
// Appends the members of that object, which is open in `json`.
void append_progress(const TextProgress& progress, bool counts, JsonWriter& json);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_REPLY_JSON_H_
