// The commands of `vexfs`, one function each. They answer the program's exit code, which is
// grep's: 0 done or found, 1 nothing found, 2 failed.
#ifndef VEXFS_CLI_COMMANDS_H_
#define VEXFS_CLI_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "cli/tree/space_info.h"

namespace vexfs::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitNone = 1;
inline constexpr int kExitError = 2;

// "vexfs: <what>: <error>" on stderr; returns kExitError.
int fail(const std::string& what, int error = 0);

// --- Mounts

struct MountArguments {
  std::string source;
  std::string mountpoint;  // Empty: the source itself.
  bool foreground = false;
  std::vector<std::string> options;  // -o lists.
};
int run_mount(const MountArguments& arguments);

int run_unmount(const std::string& mountpoint, bool lazily);

struct StatusArguments {
  std::string path = ".";
  bool json = false;
  bool failed = false;  // All files that failed, and nothing else.
};
int run_status(const StatusArguments& arguments);
int run_sync(const std::string& path, bool quiet);
int run_check(const std::string& source, bool repair);

int run_inspect_limits();
int run_inspect_stack(const std::string& path, bool json);
int run_inspect_store(const std::string& path, bool json);

// --- Spaces and vectors

int run_space_create(const SpaceInfo& space, const std::string& path);
int run_space_list(const std::string& path, bool json);
int run_space_show(const std::string& name, const std::string& path, bool json);
int run_space_drop(const std::string& name, const std::string& path);

struct VectorArguments {
  std::string file;
  std::string space;
  std::string values;  // "0.1,0.2"
  std::string raw;     // A file of float32, or "-".
};
int run_vector_set(const VectorArguments& arguments);
enum class VectorOutput { kText, kJson, kRaw };
int run_vector_get(const std::string& file, const std::string& space, VectorOutput output);
int run_vector_remove(const std::string& file, const std::string& space);

struct ImportArguments {
  std::string file;  // Or "-": jsonl on stdin.
  SpaceInfo space;   // By name; the rest for --create.
  std::string paths;
  std::string directory = ".";
  bool create = false;
  bool keep_going = false;
  bool quiet = false;
};
int run_import(ImportArguments arguments);

struct ExportArguments {
  std::string file;
  std::string space;
  std::string directory = ".";
  bool quiet = false;
};
int run_export(const ExportArguments& arguments);

// --- Text

struct EmbedderArguments {
  std::string where;  // "builtin", or the URL of a service; empty: as it is.
  std::string model = {};
  std::string key_file = {};
  uint32_t dim = 0;  // 0: as many as the service's vectors have.
};

struct IndexArguments {
  std::string directory = ".";
  EmbedderArguments embedder = {};
  bool watch = false;
  bool quiet = false;
};
int run_index(const IndexArguments& arguments);

// --- Search

struct SearchArguments {
  std::string query;   // As people type it, with qualifiers; one of these three.
  std::string vector;  // A file with the vector, or "-".
  std::string like;    // A file whose vector it is.
  std::string space;
  std::string mode;
  std::vector<std::string> types;
  std::string after;
  std::optional<uint32_t> k;
  uint32_t ef = 0;
  uint32_t context = 0;
  bool exact = false;
  bool no_fold = false;
  bool names_only = false;
  bool zero_after_path = false;
  bool scores = false;
  bool json = false;
  std::string directory;  // Empty: the current one; for `like`, one that holds the file.
};
int run_search(SearchArguments arguments);
int run_similar(SearchArguments arguments);

struct DuplicatesArguments {
  std::string space;
  std::optional<double> distance;  // Cosine spaces have a default.
  bool json = false;
  std::string directory = ".";
};
int run_duplicates(const DuplicatesArguments& arguments);

struct BenchArguments {
  std::string directory;   // Of a tree whose spaces are measured; empty: a temporary one.
  uint32_t files = 20000;  // Of the temporary one.
  uint32_t dim = 128;
  uint32_t queries = 500;
  bool json = false;
};
int run_bench(const BenchArguments& arguments);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_COMMANDS_H_
