// VectorSearchEngine: answers queries with ranked hits that their callers may see.
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
// nor the work of a search reveal others. A file becomes a hit only after its path was found to
// lead to the very file that has the vector, readable by the caller. If it does not, the next file
// takes its place, so there are k hits whenever there are k such files.
//
// A search goes through these parts: QueryTarget finds the scope, the space and the vector;
// SearchResultCache may have the result; ScopeFilters give the slots that the caller may see;
// PermittedSearch (vectors) or TextSearch (texts) find files, which HitResolver looks at;
// ResultScorer ranks them.
//
// Threads: all methods may run at once, on threads with large stacks. No lock of its own is held
// over calls of the storage or the tree.
class VectorSearchEngine {
 public:
  // `tree` and `storage` must outlive the engine.
  VectorSearchEngine(tree::Tree& tree, VectorStorageManager& storage, const EngineOptions& options);
  ~VectorSearchEngine();

  // Lets texts be searched. Call it before the first search, if at all.
  void use_text(TextProvider provider);

  // Paths of the query and of the hits are relative to `directory`. A refusal says what a person
  // can do about it.
  Result<QueryResult, Refusal> search(const tree::Credentials& caller, const ObjectKey& directory,
                                      const Query& query);
  // Finds files below `path` (relative to `directory`; empty: `directory` itself) whose vectors are
  // at most `distance` apart.
  Result<DuplicatesResult, Refusal> duplicates(const tree::Credentials& caller,
                                               const ObjectKey& directory, std::string_view path,
                                               std::string_view space, float distance);
  // Lists files below `path` that have vectors in the space: the first `limit` whose paths follow
  // `after` (both relative to `directory`).
  Result<FileList, Refusal> list(const tree::Credentials& caller, const ObjectKey& directory,
                                 std::string_view path, std::string_view space,
                                 std::string_view after, uint32_t limit);
  // Lists files below `path` whose text could not be indexed, and those that have none.
  Result<FileList, Refusal> failures(const tree::Credentials& caller, const ObjectKey& directory,
                                     std::string_view path, std::string_view after, uint32_t limit);

  // The owner, mode or ACL of a file or directory changed, so what callers may see is looked up
  // again.
  void permissions_changed(store::ObjectKind of);

  struct Statistics {
    uint64_t searches = 0;
    uint64_t cached = 0;   // How many were answered from the cache of results.
    uint64_t filters = 0;  // How many bitmaps were made.
    uint64_t refills = 0;  // How many further rounds searches needed.
  };
  Statistics statistics() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_VECTOR_SEARCH_ENGINE_H_
