// A key has the parts of a query one after another. Those of variable length stand behind their
// length, so that no two queries make one key.
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
  // All members are named here, so that the compiler asks whether a new one belongs to the key. Not
  // among them: text_bytes, since the texts of hits are read anew; dups, which no search has; and
  // like, space and path, for which the arguments stand.
  const auto& [text, mode, fusion, fold_duplicates, text_bytes, vector, like_path, dups, space_name,
               path, types, after, k, ef, exact] = query;
  const std::string_view vector_bytes(reinterpret_cast<const char*>(vector.data()),
                                      vector.size() * sizeof(float));
  std::string key;
  key.reserve(192 + text.size() + vector_bytes.size());
  append(key, space);
  append(key, asked);
  append(key, scope);
  append(key, caller.uid);
  append(key, caller.hash());
  append(key, k);
  append(key, ef);
  append(key, exact);
  append(key, after);
  append(key, like);
  append(key, types.size());
  for (const std::string& type : types) append_word(key, type);
  append_word(key, text);
  append(key, query.text_mode());
  append(key, fusion.kind);
  append(key, fusion.semantic_weight);
  append(key, fusion.path_weight);
  append(key, fusion.recency_days);
  append(key, fold_duplicates);
  append_word(key, vector_bytes);
  return key;
}

void SearchResultCache::put(const std::string& key, const SearchStamp& stamp, CachedResult result) {
  const size_t bytes = bytes_of(result);
  cache_.put(key, stamp, std::make_shared<const CachedResult>(std::move(result)), bytes);
}

}  // namespace vexfs::engine
