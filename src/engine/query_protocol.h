// The query protocol: requests and replies as text, over VectorSearchEngine.
#ifndef VEXFS_ENGINE_QUERY_PROTOCOL_H_
#define VEXFS_ENGINE_QUERY_PROTOCOL_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/search/vector_search_engine.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::engine {

// See Engine::answer_json, answer_f32 and control_json. `reply` is replaced; it is one JSON object
// and a newline, at most limits::kReplyBytesMax. Nothing throws. Large stacks.
void answer_json(VectorSearchEngine& engine, const tree::Credentials& caller,
                 const ObjectKey& directory, std::string_view request, std::string& reply);
void answer_f32(VectorSearchEngine& engine, const tree::Credentials& caller,
                const ObjectKey& directory, std::span<const std::byte> request, std::string& reply);
void control_json(VectorSearchEngine& engine, VectorStorageManager& storage,
                  const tree::Credentials& caller, bool privileged, const ObjectKey& directory,
                  std::string_view request, std::string& reply);
// For a request that could not even be started: {"error":…}.
void answer_error(const QueryError& error, std::string& reply);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_PROTOCOL_H_
