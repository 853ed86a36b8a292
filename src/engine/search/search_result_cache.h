// SearchResultCache: results of recent queries, under everything that they depend on.
#ifndef VEXFS_ENGINE_SEARCH_SEARCH_RESULT_CACHE_H_
#define VEXFS_ENGINE_SEARCH_SEARCH_RESULT_CACHE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/names/name_table.h"
#include "engine/query/query.h"
#include "engine/search/bounded_cache.h"
#include "engine/search/result_scorer.h"

namespace vexfs::engine {

// What a result was made from, beside its query. Equal stamps give equal results, as far as VexFS
// sees the tree change.
struct SearchStamp {
  uint64_t storage = 0;      // VectorStorageManager::generation().
  uint64_t permissions = 0;  // How often permissions_changed() was called.
  uint64_t clock = 0;        // Grows with time where files can change without notice; else 0.
  uint64_t text = 0;         // SearchableText::generation, where a text is asked; else 0.

  bool operator==(const SearchStamp&) const = default;
};

// A result with what it takes to look at its files again. The work of its search is not kept, since
// a query that finds it has done none.
struct CachedResult {
  std::vector<ScoredPassage> passages;
  DirectoryIndex scope{};
  bool complete = true;
};

// Bounded by limits::kCachedResultsMax and kCachedResultBytesMax. Whoever finds a result here must
// still verify it file by file: rights are checked anew for each answer. Threads: all methods may
// run at once.
class SearchResultCache {
 public:
  SearchResultCache();

  // Everything that the query's result depends on beside the stamp. `like` is the object that the
  // query names, `space` and the directories are those that its names lead to: a name may lead
  // elsewhere the next time.
  static std::string key(const Query& query, ObjectId like, store::SpaceId space,
                         DirectoryIndex asked, DirectoryIndex scope,
                         const tree::Credentials& caller);

  std::shared_ptr<const CachedResult> find(const std::string& key, const SearchStamp& stamp) {
    return cache_.find(key, stamp);
  }
  void put(const std::string& key, const SearchStamp& stamp, CachedResult result);
  size_t size() const { return cache_.size(); }
  size_t bytes() const { return cache_.bytes(); }

 private:
  BoundedCache<CachedResult, SearchStamp> cache_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_SEARCH_RESULT_CACHE_H_
