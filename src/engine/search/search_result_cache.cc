// Keys are the parts of a query one after another, each with its length: none can pose as another.
#include "engine/search/search_result_cache.h"

#include <utility>

namespace vexfs::engine {
namespace {

template <typename T>
void append(std::string& key, T value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void append_word(std::string& key, std::string_view word) {
  append(key, word.size());
  key.append(word);
}

size_t bytes_of(const CachedResult& result) {
  size_t bytes = sizeof(CachedResult) + result.passages.capacity() * sizeof(ScoredPassage);
  for (const ScoredPassage& passage : result.passages) bytes += passage.path.capacity();
  return bytes;
}

}  // namespace

SearchResultCache::SearchResultCache()
    : cache_(limits::kCachedResultsMax, limits::kCachedResultBytesMax) {}

std::string SearchResultCache::key(const Query& query, ObjectId like, store::SpaceId space,
                                   DirectoryIndex asked, DirectoryIndex scope,
                                   const tree::Credentials& caller) {
  std::string key;
  key.reserve(192 + query.text.size() + query.vector.size_bytes());
  append(key, space);
  append(key, asked);
  append(key, scope);
  append(key, caller.uid);
  append(key, caller.hash());
  append(key, query.k);
  append(key, query.ef);
  append(key, query.exact);
  append(key, query.after);
  append(key, like);
  append(key, query.types.size());
  for (const std::string_view type : query.types) append_word(key, type);
  append_word(key, query.text);
  append(key, query.mode);
  append(key, query.fusion.kind);
  append(key, query.fusion.semantic_weight);
  append(key, query.fusion.path_weight);
  append(key, query.fusion.recency_days);
  append(key, query.fold_duplicates);
  append_word(key, {reinterpret_cast<const char*>(query.vector.data()), query.vector.size_bytes()});
  return key;
}

void SearchResultCache::put(const std::string& key, const SearchStamp& stamp, CachedResult result) {
  const size_t bytes = bytes_of(result);
  cache_.put(key, stamp, std::make_shared<const CachedResult>(std::move(result)), bytes);
}

}  // namespace vexfs::engine
