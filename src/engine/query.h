// Queries and hits: what every door (mount, command line, later an API) asks and gets.
#ifndef VEXFS_ENGINE_QUERY_H_
#define VEXFS_ENGINE_QUERY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/status.h"
#include "engine/credentials.h"
#include "store/rows.h"

namespace vexfs::engine {

// One of vector and like.
struct Query {
  std::span<const float> vector;
  std::string_view
      like;  // A path relative to the directory that is asked; its own hit is left out.
  std::string_view space;  // Empty: the only one, or the only one of the vector's dimension.
  std::string_view path;   // Scope: a directory relative to the one that is asked; empty: that one.
  std::vector<std::string_view> types;  // Suffixes of names, without the dot; empty: all.
  int64_t after = 0;                    // Modified at or after, seconds since the epoch.
  uint32_t k = limits::kHitsDefault;    // 1..limits::kHitsMax.
  uint32_t ef = 0;
  bool exact = false;  // Scan instead of walk.
};

struct Hit {
  std::string path;  // Relative to the directory that was asked.
  float score = 0;   // Larger is better: cosine, -squared L2, inner product.
  uint64_t start = 0;
  uint64_t end = 0;
  uint32_t line = 0;
};

// The best passage of each file, best first.
struct QueryResult {
  std::vector<Hit> hits;
  bool complete = true;  // False while files are not (yet) known well enough to be found.
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

// A file of a space.
struct ListedFile {
  std::string path;
  uint32_t vectors = 0;
};

// A page of a space's files, in the order of their paths' bytes.
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

#endif  // VEXFS_ENGINE_QUERY_H_
