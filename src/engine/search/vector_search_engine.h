// VectorSearchEngine: from a query to ranked hits that its caller may see.
#ifndef VEXFS_ENGINE_SEARCH_VECTOR_SEARCH_ENGINE_H_
#define VEXFS_ENGINE_SEARCH_VECTOR_SEARCH_ENGINE_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/refusal.h"
#include "engine/indexing/searchable_text.h"
#include "engine/query/query.h"
#include "engine/storage/engine_options.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::engine {

// What a caller learns is a function of the files that it may read: neither hits, counts, scores
// nor the work of a search tell of others. A hit is answered only after its path was found to lead
// to the very file that carries the vector, readable by the caller; if it does not, the next one
// takes its place, so there are k hits whenever there are k such files.
//
// Threads: all methods may run at once, on threads with large stacks. No lock of its own is held
// over calls of the storage or the tree.
class VectorSearchEngine {
 public:
  // `tree` and `storage` outlive it.
  VectorSearchEngine(tree::Tree& tree, VectorStorageManager& storage, const EngineOptions& options);
  ~VectorSearchEngine();

  // Texts can be asked from now on. Before the first search.
  void use_text(TextProvider provider);

  // Paths of the query and of the hits are relative to `directory`. A refusal says what a person
  // can do about it.
  Result<QueryResult, Refusal> search(const tree::Credentials& caller, const ObjectKey& directory,
                                      const Query& query);
  // Files below `path` (relative to `directory`, empty: itself) whose vectors are at most
  // `distance` apart.
  Result<DuplicatesResult, Refusal> duplicates(const tree::Credentials& caller,
                                               const ObjectKey& directory, std::string_view path,
                                               std::string_view space, float distance);
  // Files below `path` that have vectors in the space: the first `limit` whose paths follow `after`
  // (both relative to `directory`).
  Result<FileList, Refusal> list(const tree::Credentials& caller, const ObjectKey& directory,
                                 std::string_view path, std::string_view space,
                                 std::string_view after, uint32_t limit);
  // Files below `path` whose text could not be indexed, or that have none.
  Result<FileList, Refusal> failures(const tree::Credentials& caller, const ObjectKey& directory,
                                     std::string_view path, std::string_view after, uint32_t limit);

  // Owner, mode or ACL of a file or directory changed: what callers may see is asked anew.
  void permissions_changed(store::ObjectKind of);

  struct Statistics {
    uint64_t searches = 0;
    uint64_t cached = 0;   // Answered from the cache of results.
    uint64_t filters = 0;  // Bitmaps that were built.
    uint64_t refills = 0;  // Searches that had to ask for more neighbours.
  };
  Statistics statistics() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_VECTOR_SEARCH_ENGINE_H_
