// The commands of `vexfs`, one function each. They return the program's exit code, which is
// grep's: 0 done or found, 1 nothing found, 2 failed.
//
// Paths are as the user typed them. A command opens one tree (cli/tree/tree_client.h), sends it
// requests, and prints what it got to stdout and all else to stderr. Commands run on the main
// thread, and print a failure themselves with fail(). An option that is added needs a field here, a
// line in the options_*.cc that parses it, and its use in the command's file.
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

// Prints "vexfs: <what>: <error>" to stderr, without the error if it is 0; returns kExitError.
int fail(const std::string& what, int error = 0);

// --- Mounts

struct MountArguments {
  std::string source;
  std::string mountpoint;  // Empty: the source itself.
  bool foreground = false;
  std::vector<std::string> options;  // -o lists.
  bool sloppy = false;               // Leaves out options that are not known.
  bool fake = false;                 // Looks at the options, and does nothing.
};
// Returns when the mount is up, or with `foreground` when it has ended.
int run_mount(const MountArguments& arguments);

struct UnmountArguments {
  std::string mountpoint;
  bool lazily = false;
  uint32_t wait_seconds = 30;  // For the daemon to let go of its store.
};
// Returns when the daemon has let go of its store; with `lazily` at once.
int run_unmount(const UnmountArguments& arguments);

struct StatusArguments {
  std::string path = ".";
  bool json = false;
  bool failed = false;  // All files that failed, and nothing else.
};
int run_status(const StatusArguments& arguments);
// Waits without a limit until all that has changed is indexed and durable.
int run_sync(const std::string& path, bool quiet);
// Of a source that is not mounted. kExitNone if something is damaged, or was not rebuilt.
int run_check(const std::string& source, bool repair);

int run_inspect_limits();  // Prints every bound with its comment.
// Prints the proved stack of each operation, and the measured one where `path` is in a mount.
int run_inspect_stack(const std::string& path, bool json);
int run_inspect_store(const std::string& path, bool json);

// --- Spaces and vectors

// Makes a store in `path` if no directory above has one.
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
// kExitError if a row failed, even if all others were imported. The same import again goes on.
int run_import(ImportArguments arguments);

struct ExportArguments {
  std::string file;
  std::string space;
  std::string directory = ".";
  bool quiet = false;
};
// Writes a new file or, on failure, none. kExitNone if the space has no vectors here.
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
// Returns when all is indexed; with `watch` when it is interrupted.
int run_index(const IndexArguments& arguments);

// --- Search

struct SearchArguments {
  // One of these three says what is sought.
  std::string query;   // Words as people type them, with qualifiers.
  std::string vector;  // A file with the vector, or "-".
  std::string like;    // A file whose own vector is the query.
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
// Both print hits, nearest first; kExitNone without any.
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
// Makes, fills and removes a temporary tree unless a directory is given, which stays unchanged.
int run_bench(const BenchArguments& arguments);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_COMMANDS_H_
