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

// The parts of the engine that requests need. The engine starts each one when it is first needed;
// tests give their own.
class ProtocolParts {
 public:
  virtual ~ProtocolParts() = default;

  // Whether the tree never had a store. Then it has no spaces, and only some requests make a store.
  virtual bool never_had_store() const = 0;
  virtual Result<VectorStorageManager*> storage(bool create) = 0;
  // With `by_text`, the index of texts is started, and made where there is none.
  virtual Result<VectorSearchEngine*> search(bool by_text) = 0;
  // See the methods of Engine with these names.
  virtual Status sync_text() = 0;
  virtual Status index_text() = 0;
  virtual Result<void, Refusal> choose_embedder(EmbedderChoice choice) = 0;
  virtual TextProgress text_progress() = 0;
  // Somebody waits for the index of texts, so indexing need not make way for other programs.
  virtual void hurry() = 0;
};

// See Engine::answer_json, answer_f32 and control_json. `reply` is replaced by one JSON object and
// a newline, at most limits::kReplyBytesMax bytes. These functions do not throw and need large
// stacks.
void answer_json(ProtocolParts& parts, const tree::Credentials& caller, const ObjectKey& directory,
                 std::string_view request, std::string& reply);
void answer_f32(ProtocolParts& parts, const tree::Credentials& caller, const ObjectKey& directory,
                std::span<const std::byte> request, std::string& reply);
void control_json(ProtocolParts& parts, const tree::Credentials& caller, bool privileged,
                  const ObjectKey& directory, std::string_view request, std::string& reply);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_PROTOCOL_H_
