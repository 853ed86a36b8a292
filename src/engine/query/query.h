// Queries and hits: what every door (the mount, the command line) asks and gets. These are values;
// nothing here knows the engine, so that doors need not either.
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
  // kWeightedSum is the weighted sum of both scores, each relative to the best one.
  // kReciprocalRank is the sum of 1 / (60 + rank) over both rankings (reciprocal rank fusion;
  // Cormack, Clarke and Buettcher, SIGIR 2009).
  enum class Kind : uint8_t { kWeightedSum, kReciprocalRank };

  Kind kind = Kind::kWeightedSum;
  // The weight of the meaning, where the words weigh 1. Both weights are 0..kFusionWeightMax.
  float semantic_weight = 0.7F;
  // The weight of the part of the query's words that the path contains.
  float path_weight = 0;
  // After this many days, half of a score is left; 0: age does not count.
  float recency_days = 0;

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
  // A larger score is better. For a text it is 0 to 1, or the cosine where only the meaning is
  // compared; for a vector it is the cosine, the negative squared L2 distance, or the inner
  // product.
  float score = 0;
  // The range of the passage in bytes; 0 and 0 stand for the whole file.
  uint64_t start = 0;
  uint64_t end = 0;
  uint32_t line = 0;  // The line of `start`, counted from 1; 0 stands for the whole file.
  // The passage itself, cut at a whole character. Empty where there is nothing to show.
  std::string text = {};
  // Where a text was asked by its meaning, its cosine with the passage. Where it was asked by its
  // words, their BM25 in the passage, relative to the best file's; without any of them, nothing.
  std::optional<float> semantic;
  std::optional<float> lexical;
  uint32_t duplicates = 0;  // How many files say the same and are not hits of their own.
};

// The best passage of each file, best first.
struct QueryResult {
  std::vector<Hit> hits;
  bool complete = true;     // False while some files are not known well enough to be found.
  bool words_only = false;  // The embedder failed, so only the words were compared.
  bool cached = false;      // The result was found before, and its files were only looked at again.
  uint32_t total_us = 0;
  // The work of the search, summed over all rounds. Callers who do not see all files get zeros: the
  // work depends on files that they may not see.
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
  std::vector<DuplicateGroup> groups;  // The nearest files come first.
  bool complete = true;                // False where limits::kDuplicateFilesMax cut the search.
};

// A file that has vectors in a space, or a file whose text could not be indexed.
struct ListedFile {
  std::string path;
  uint32_t vectors = 0;  // In the space.
  // Where the list is of texts: whether the file was skipped, or else failed, and why.
  bool skipped = false;
  std::string why = {};
};

// A page of files, in the order of their paths' bytes.
struct FileList {
  std::vector<ListedFile> files;
  bool more = false;  // There are files after these.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_QUERY_H_
