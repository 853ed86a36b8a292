// Replies of the query protocol, in JSON.
#ifndef VEXFS_ENGINE_REPLY_JSON_H_
#define VEXFS_ENGINE_REPLY_JSON_H_

#include <string>

#include "engine/query.h"

namespace vexfs::engine {

// Each replaces `reply` by one JSON object and a newline.
void write_hits(const QueryResult& result, std::string& reply);
void write_error(const QueryError& error, std::string& reply);
// {"MEMBER":[…],"complete":…}
void write_duplicates(const DuplicatesResult& result, const char* member, std::string& reply);
void write_files(const FileList& list, std::string& reply);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_REPLY_JSON_H_
