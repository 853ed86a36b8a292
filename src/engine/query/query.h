// Queries and hits: what every door (the mount, the command line) asks and gets.
#ifndef VEXFS_ENGINE_QUERY_QUERY_H_
#define VEXFS_ENGINE_QUERY_QUERY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/status.h"
#include "store/rows.h"
#include "tree/credentials.h"

namespace vexfs::engine {

// How a text is looked for: by what it means, by its words, or by both.
enum class QueryMode : uint8_t { kHybrid, kSemantic, kLexical };

// How the two scores of a passage become one, and what else counts. The weights of the product
// stand here and nowhere else.
struct FusionOptions {
  // Weighted sum of both, each as a part of the best one; or 1 / (60 + rank) by each, summed
  // (reciprocal rank fusion; Cormack, Clarke and Buettcher, 2009).
  enum class Kind : uint8_t { kWeightedSum, kReciprocalRank };

  Kind kind = Kind::kWeightedSum;
  float semantic_weight = 0.7F;  // Against 1 for the words; 0..limits::kFusionWeightMax.
  float path_weight = 0;         // Of the part of the query's words that the path has; as above.
  float recency_days = 0;        // Half of a score is gone after so many days; 0: age counts not.

  bool operator==(const FusionOptions&) const = default;
};

// One of text, vector and like.
struct Query {
  std::string_view text;  // UTF-8, whatever a person asks. Only the space of text has an embedder.
  QueryMode mode = QueryMode::kHybrid;  // Of a text.
  FusionOptions fusion;                 // Of a text.
  bool fold_duplicates = true;          // Passages that say the same stand in one hit; of a text.
  uint32_t text_bytes = limits::kHitTextBytesMax;  // Of Hit::text, at most; 0: none.
  std::span<const float> vector;
  std::string_view
      like;  // A path relative to the directory that is asked; its own hit is left out.
  // Empty: that of text for a text; else the only one, or the only one of the vector's dimension.
  std::string_view space;
  std::string_view path;  // Scope: a directory relative to the one that is asked; empty: that one.
  std::vector<std::string_view> types;  // Suffixes of names, without the dot; empty: all.
  int64_t after = 0;                    // Modified at or after, seconds since the epoch.
  uint32_t k = limits::kHitsDefault;    // 1..limits::kHitsMax.
  uint32_t ef = 0;
  bool exact = false;  // Scan instead of walk.
};

struct Hit {
  std::string path;  // Relative to the directory that was asked.
  // Larger is better. Of a text 0 to 1 (meaning alone: the cosine); else the cosine, -squared L2,
  // or the inner product.
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
  // Work of the search, summed over refills.
  uint64_t distances = 0;
  uint64_t hops = 0;
  uint64_t refinements = 0;
  const char* plan = "";
};

// Files whose vectors are near each other, directly or through others of the group. Paths are
// sorted, relative to the directory that was asked.
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

// A failure that a person can act on: an errno and a sentence.
struct QueryError {
  int error = 0;
  std::string message;
};

// Fills `error`, and gives the Status that goes with it.
inline Status refuse(QueryError& error, int code, std::string message) {
  error = {code, std::move(message)};
  return Status(code, "request refused");
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_QUERY_H_
