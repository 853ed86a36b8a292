// vexfs bench: speed and recall of the spaces of a tree, or of a temporary tree that is filled
// first.
#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/fd.h"
#include "base/scratch_directory.h"
#include "cli/bench.h"
#include "cli/commands.h"
#include "cli/printing/display.h"
#include "cli/tree/reply.h"

namespace vexfs::cli {
namespace {

constexpr uint32_t kHits = 10;
constexpr uint32_t kClusters = 200;
constexpr uint32_t kFilesOfADirectory = 1000;
constexpr const char* kSpace = "bench";

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The files of the benchmark, in a directory that is removed with them.
class TemporaryTree {
 public:
  const std::string& path() const { return scratch_.path(); }
  static std::string name(uint32_t file) {
    return std::to_string(file / kFilesOfADirectory) + "/" + std::to_string(file);
  }
  bool make_files(uint32_t count) const {
    for (uint32_t i = 0; i < count; ++i) {
      const std::string directory = path() + "/" + std::to_string(i / kFilesOfADirectory);
      if (i % kFilesOfADirectory == 0 && ::mkdir(directory.c_str(), 0700) != 0) return false;
      const std::string file = path() + "/" + name(i);
      if (!Fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)).valid()) return false;
    }
    return true;
  }

 private:
  static std::string parent() {
    const char* chosen = std::getenv("TMPDIR");
    return chosen == nullptr || *chosen == '\0' ? "/tmp" : chosen;
  }

  const ScratchDirectory scratch_{parent()};
};

void print_rate(const BenchArguments& arguments, const char* what, uint32_t count, double seconds) {
  const double rate = count / seconds;
  if (arguments.json) {
    std::printf("%s\n", Json{{"what", what}, {"count", count}, {"per_s", rate}}.dump().c_str());
  } else {
    std::printf("%-12s %9u in %6.2f s  %10.0f/s\n", what, count, seconds, rate);
  }
}

void print_search(const BenchArguments& arguments, const SpaceInfo& space,
                  const SearchFigures& figures) {
  if (arguments.json) {
    const Json line = {{"what", "search"},
                       {"space", space.name},
                       {"queries", figures.queries},
                       {"k", kHits},
                       {"p50_us", figures.search.p50_us},
                       {"p99_us", figures.search.p99_us},
                       {"exact_p50_us", figures.exact.p50_us},
                       {"exact_p99_us", figures.exact.p99_us},
                       {"recall", figures.recall},
                       {"short", figures.short_of}};
    std::printf("%s\n", line.dump().c_str());
    return;
  }
  std::printf("%-12s %u queries, k = %u, recall %.4f%s\n", space.name.c_str(), figures.queries,
              kHits, figures.recall, figures.short_of == 0 ? "" : ", SOME WITH FEWER THAN K HITS");
  std::printf("  search     p50 %8.0f us  p99 %8.0f us\n", figures.search.p50_us,
              figures.search.p99_us);
  std::printf("  scan       p50 %8.0f us  p99 %8.0f us\n", figures.exact.p50_us,
              figures.exact.p99_us);
  if (figures.search.p50_us > 0) {
    std::printf("  ratio      %.1f\n", figures.exact.p50_us / figures.search.p50_us);
  }
}

int measure_spaces(TreeClient& tree, const BenchArguments& arguments) {
  std::vector<SpaceInfo> spaces;
  std::string problem;
  if (!list_spaces(tree, spaces, problem)) return fail(problem);
  bool any = false;
  for (const SpaceInfo& space : spaces) {
    const Vectors queries = queries_from(tree, space, arguments.queries, problem);
    if (!problem.empty()) return fail(problem);
    if (queries.empty()) continue;
    SearchFigures figures;
    if (!measure_search(tree, space, queries, kHits, figures, problem)) return fail(problem);
    print_search(arguments, space, figures);
    any = true;
  }
  return any ? kExitOk : kExitNone;
}

// Sets the vectors and reads them again; false with a sentence.
bool fill(TreeClient& tree, const BenchArguments& arguments, std::string& problem) {
  const Vectors vectors = clustered_vectors(arguments.files, arguments.dim, kClusters, 1);
  auto start = std::chrono::steady_clock::now();
  for (uint32_t i = 0; i < arguments.files; ++i) {
    const Status status = tree.set_vectors(TemporaryTree::name(i), kSpace, vectors[i]);
    if (!status.ok()) {
      problem = status.what();
      return false;
    }
  }
  const Reply synced = reply_of(tree.control("{\"sync\":true}"));
  problem = synced.problem;
  print_rate(arguments, "set", arguments.files, seconds_since(start));
  start = std::chrono::steady_clock::now();
  for (uint32_t i = 0; problem.empty() && i < arguments.files; ++i) {
    const auto stored = tree.get_vectors(TemporaryTree::name(i), kSpace);
    if (!stored.ok() || stored.value() != vectors[i]) problem = "a vector is not what was set";
  }
  print_rate(arguments, "get", arguments.files, seconds_since(start));
  return problem.empty();
}

int measure_temporary(const BenchArguments& arguments) {
  const TemporaryTree files;
  if (files.path().empty() || !files.make_files(arguments.files)) {
    return fail("the temporary tree", errno);
  }
  const OpenedTree tree = open_tree(files.path(), NewStore::kYes);
  if (tree.client == nullptr) return fail(tree.problem);
  SpaceInfo space;
  space.name = kSpace;
  space.parameters.dim = arguments.dim;
  const Reply created =
      reply_of(tree.client->control("{\"create_space\":" + space_json(space) + "}"));
  if (!created.ok()) return fail(created.problem);
  std::string problem;
  if (!fill(*tree.client, arguments, problem)) return fail(problem);
  return measure_spaces(*tree.client, arguments);
}

}  // namespace

int run_bench(const BenchArguments& arguments) {
  if (arguments.directory.empty()) return measure_temporary(arguments);
  const OpenedTree tree = open_tree(arguments.directory);
  if (tree.client == nullptr) return fail(tree.problem);
  return measure_spaces(*tree.client, arguments);
}

}  // namespace vexfs::cli
