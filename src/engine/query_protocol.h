// The query protocol: requests and replies as text (docs/query.md), over the parts of the engine.
#ifndef VEXFS_ENGINE_QUERY_PROTOCOL_H_
#define VEXFS_ENGINE_QUERY_PROTOCOL_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/indexing/chosen_embedder.h"
#include "engine/query/text_progress.h"
#include "engine/search/vector_search_engine.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::engine {

// The parts of the engine that requests need. Each is started when it is first needed.
class ProtocolParts {
 public:
  virtual ~ProtocolParts() = default;

  // Whether the tree never had a store: then it has no spaces, and only some requests make one.
  virtual bool never_had_store() const = 0;
  virtual Result<VectorStorageManager*> storage(bool create) = 0;
  // `by_text` starts the index of texts, and makes it where there is none.
  virtual Result<VectorSearchEngine*> search(bool by_text) = 0;
  // As Engine's methods of these names.
  virtual Status sync_text() = 0;
  virtual Status index_text() = 0;
  virtual Result<void, Refusal> choose_embedder(EmbedderChoice choice) = 0;
  virtual TextProgress text_progress() = 0;
  // Somebody waits for the index of texts: it need not make way for other programs.
  virtual void hurry() = 0;
};

// See Engine::answer_json, answer_f32 and control_json. `reply` is replaced; it is one JSON object
// and a newline, at most limits::kReplyBytesMax. Nothing throws. Large stacks.
void answer_json(ProtocolParts& parts, const tree::Credentials& caller, const ObjectKey& directory,
                 std::string_view request, std::string& reply);
void answer_f32(ProtocolParts& parts, const tree::Credentials& caller, const ObjectKey& directory,
                std::span<const std::byte> request, std::string& reply);
void control_json(ProtocolParts& parts, const tree::Credentials& caller, bool privileged,
                  const ObjectKey& directory, std::string_view request, std::string& reply);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_PROTOCOL_H_
