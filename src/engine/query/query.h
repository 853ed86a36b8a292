// Queries and hits: what every door (the mount, the command line) asks and gets.
#ifndef VEXFS_ENGINE_QUERY_QUERY_H_
#define VEXFS_ENGINE_QUERY_QUERY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "store/rows.h"
#include "tree/credentials.h"

namespace vexfs::engine {

// How a text is searched: by its meaning, by its words, or by both.
enum class QueryMode : uint8_t { kHybrid, kSemantic, kLexical };

// How the two scores of a passage become one, and what else counts. The default weights stand here
// and nowhere else.
struct FusionOptions {
  // Either the weighted sum of both scores, each relative to the best one; or the sum of
  // 1 / (60 + rank) over both rankings (reciprocal rank fusion; Cormack, Clarke and Buettcher,
  // SIGIR 2009).
  enum class Kind : uint8_t { kWeightedSum, kReciprocalRank };

  Kind kind = Kind::kWeightedSum;
  // The words weigh 1. Both weights are 0..limits::kFusionWeightMax.
  float semantic_weight = 0.7F;
  float path_weight = 0;   // Weighs the part of the query's words that the path contains.
  float recency_days = 0;  // The half-life of a score in days; 0: age does not count.

  bool operator==(const FusionOptions&) const = default;
};

// One question, which owns all that it holds. Exactly one of text, vector, like and dups is set;
// docs/query.md describes all members.
//
// A new member is a field here and a row of the table in query_json.cc. Where the compiler then
// stops, the code must decide about it: whether a result that the cache has depends on it
// (SearchResultCache::key), and how tests make it. A member that people type among words is a
// qualifier in query_text.cc, too.
struct Query {
  std::string text;  // UTF-8, whatever a person asks. Only the space of texts has an embedder.
  std::optional<QueryMode> mode;  // Of a text; see text_mode().
  FusionOptions fusion;           // Of a text.
  bool fold_duplicates = true;    // Passages that say the same stand in one hit; of a text.
  uint32_t text_bytes = limits::kHitTextBytesMax;  // Of Hit::text, at most; 0: none.
  std::vector<float> vector;
  // A file whose vector is asked with, relative to the directory that is asked. It is no hit.
  std::string like;
  // Asks for files whose vectors are at most this far apart (VectorSearchEngine::duplicates).
  std::optional<float> dups;
  // Empty: that of texts for a text; else the only one, or the only one of the vector's dimension.
  std::string space;
  std::string path;  // Scope: a directory relative to the one that is asked; empty: that one.
  std::vector<std::string> types;     // Suffixes of names, without the dot; empty: all.
  int64_t after = 0;                  // Modified at or after, seconds since the epoch; 0: any time.
  uint32_t k = limits::kHitsDefault;  // 1..limits::kHitsMax.
  uint32_t ef = 0;                    // Candidates of a walk; 0: as the space has it.
  bool exact = false;                 // Scan instead of walk.

  // Without a mode, a text is searched by both.
  QueryMode text_mode() const { return mode.value_or(QueryMode::kHybrid); }
  bool operator==(const Query&) const = default;
};

struct Hit {
  std::string path;  // Relative to the directory that was asked.
  // Larger is better. For a text it is 0 to 1, or the cosine where only the meaning is compared;
  // for a vector it is the cosine, the negative squared L2 distance, or the inner product.
  float score = 0;
  uint64_t start = 0;  // Bytes of the passage; 0 and 0: the whole file.
  uint64_t end = 0;
  uint32_t line = 0;              // Of start, the first is 1; 0: the whole file.
  std::string text = {};          // The passage, whole characters; where there is one to show.
  std::optional<float> semantic;  // Of a text: the cosine.
  std::optional<float> lexical;   // Of a text that has one of its words: BM25 / that of the best.
  uint32_t duplicates = 0;        // Files that say the same, and are no hits of their own.
};

// The best passage of each file, best first.
struct QueryResult {
  std::vector<Hit> hits;
  bool complete = true;     // False while files are not (yet) known well enough to be found.
  bool words_only = false;  // The text's meaning could not be asked for.
  bool cached = false;
  uint32_t total_us = 0;
  // The work of the search, summed over all rounds.
  uint64_t distances = 0;
  uint64_t hops = 0;
  uint64_t refinements = 0;
  const char* plan = "";
};

// Files whose vectors are near each other, directly or through other files of the group. Paths are
// sorted and relative to the directory that was asked.
struct DuplicateGroup {
  std::vector<std::string> paths;
  float distance = 0;  // The largest between neighbours in the group.
};

struct DuplicatesResult {
  std::vector<DuplicateGroup> groups;  // Nearest first.
  bool complete = true;                // False: cut at limits::kDuplicateFilesMax.
};

// A file of a space, or one whose text is not indexed.
struct ListedFile {
  std::string path;
  uint32_t vectors = 0;
  bool skipped = false;  // Else it failed,
  std::string why = {};  // where this says why.
};

// A page of files, in the order of their paths' bytes.
struct FileList {
  std::vector<ListedFile> files;
  bool more = false;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_QUERY_H_
