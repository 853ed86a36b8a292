// vexfs import: rows of a file of vectors become vectors of files.
#include <fcntl.h>

#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/printing/progress.h"
#include "cli/tree/files_below.h"
#include "cli/tree/reply.h"
#include "cli/vectors/byte_stream.h"
#include "cli/vectors/import.h"
#include "cli/vectors/input.h"

namespace vexfs::cli {
namespace {

// The paths of the files to which rows without paths belong: the lines of a list, or all files.
struct Paths {
  std::optional<ByteStream> list;
  std::vector<std::string> files;
  size_t given = 0;

  Result<std::optional<std::string>> next() {
    if (!list.has_value()) {
      if (given == files.size()) return std::optional<std::string>();
      return std::optional<std::string>(std::move(files[given++]));
    }
    VEXFS_TRY(line, list->line());
    return line.has_value() ? std::optional<std::string>(*line) : std::nullopt;
  }
};

// Decides where rows without paths belong. False with a sentence. Without a list there must be as
// many rows as files, or rows would silently go to the wrong ones.
bool open_paths(const ImportArguments& arguments, const VectorReader& reader, Paths& paths,
                std::string& problem) {
  if (reader.holds_paths()) {
    if (!arguments.paths.empty()) problem = "--paths: the file has its own paths";
    return problem.empty();
  }
  if (!arguments.paths.empty()) {
    auto list = open_input(arguments.paths);
    if (!list.ok()) problem = arguments.paths + ": " + std::strerror(list.error());
    if (list.ok()) paths.list.emplace(std::move(list).value());
    return problem.empty();
  }
  const Fd directory(::open(arguments.directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  auto files = files_below(directory, limits::kSlotsMax);
  if (!files.ok()) {
    problem =
        arguments.directory + ": " + files.status().what() + ": " + std::strerror(files.error());
    return false;
  }
  paths.files = std::move(files).value();
  if (reader.rows() != paths.files.size()) {
    problem = arguments.file + ": " + std::to_string(reader.rows().value_or(0)) + " vectors for " +
              std::to_string(paths.files.size()) + " files below " + arguments.directory +
              "; name the files with --paths";
  }
  return problem.empty();
}

// The dimension of the file's vectors; 0 with a sentence.
uint32_t dim_of(const ImportArguments& arguments, const VectorReader& reader,
                std::string& problem) {
  if (reader.dim() != 0) return reader.dim();
  if (arguments.space.parameters.dim != 0) return arguments.space.parameters.dim;
  // jsonl has no header: the first good row decides. It is read through a reader of its own, as
  // streams are not rewound.
  auto again = arguments.file == "-" ? Result<Fd>(Status(ESPIPE, "standard input"))
                                     : open_input(arguments.file);
  if (again.ok()) {
    auto rows = open_vector_reader(VectorFormat::kJsonl, std::move(again).value());
    VectorRow row;
    while (rows.ok()) {
      const auto next = rows.value()->next(row);
      if (!next.ok() || next.value() == VectorReader::Next::kEnd) break;
      if (next.value() == VectorReader::Next::kRow) return static_cast<uint32_t>(row.vector.size());
    }
  }
  problem = arguments.file + ": it does not tell the dimension of the space to create; name --dim";
  return 0;
}

// Finds the space to import into, or makes it if that is asked for. False with a sentence.
bool prepare_space(TreeClient& tree, ImportArguments& arguments, const VectorReader& reader,
                   std::string& problem) {
  auto space = find_space(tree, arguments.space.name, problem);
  if (!space.has_value() && arguments.create) {
    problem.clear();
    arguments.space.parameters.dim = dim_of(arguments, reader, problem);
    if (!problem.empty()) return false;
    const Reply reply =
        reply_of(tree.control("{\"create_space\":" + space_json(arguments.space) + "}"));
    if (!reply.ok()) {
      problem = reply.problem;
      return false;
    }
    space = find_space(tree, arguments.space.name, problem);
  }
  if (!space.has_value()) return false;
  arguments.space = std::move(*space);
  const uint32_t dim = arguments.space.parameters.dim;
  problem.clear();
  if (reader.dim() != 0 && reader.dim() != dim) {
    problem = "space " + arguments.space.name + " has " + std::to_string(dim) +
              " dimensions, the vectors of " + arguments.file + " have " +
              std::to_string(reader.dim());
  }
  return problem.empty();
}

void tell_counts(const ImportArguments& arguments, const ImportCounts& counts) {
  if (counts.interrupted) {
    std::fprintf(stderr, "vexfs: interrupted; the same command goes on from here\n");
  }
  if (counts.failed != 0) {
    std::fprintf(stderr, "vexfs: %" PRIu64 " of %" PRIu64 " rows failed\n", counts.failed,
                 counts.rows);
  }
  if (arguments.quiet) return;
  std::printf("%" PRIu64 " files got vectors in %s", counts.files, arguments.space.name.c_str());
  if (counts.unchanged != 0) std::printf(", %" PRIu64 " had them already", counts.unchanged);
  std::printf("\n");
}

// Imports the rows, and makes durable what was imported, whether all of it was or not.
int import_rows(TreeClient& tree, const ImportArguments& arguments, VectorReader& reader,
                Paths& paths) {
  Progress progress(arguments.quiet);
  const Interrupt interrupt;
  const std::optional<uint64_t> size = reader.stream().size();
  uint32_t told = 0;
  const auto next_path = [&] { return paths.next(); };
  const auto tell = [&](const ImportError& error) {
    if (told++ >= limits::kImportErrorsShown) return;
    progress.clear();
    std::fprintf(stderr, "vexfs: %s:%" PRIu64 ": %s%s%s\n", arguments.file.c_str(), error.row,
                 error.path.c_str(), error.path.empty() ? "" : ": ", error.sentence.c_str());
  };
  const auto go_on = [&](const ImportCounts& counts) {
    const double done = static_cast<double>(reader.stream().consumed());
    progress.update(counts.rows, size.value_or(0) == 0 ? -1 : done / static_cast<double>(*size));
    return !Interrupt::came();
  };
  const auto counts =
      import_vectors(tree, reader, {arguments.space, arguments.keep_going, next_path, tell, go_on});
  progress.clear();
  // This is done after a failure too: what was imported stays.
  const Reply synced = reply_of(tree.control("{\"sync\":true}"));
  if (!counts.ok()) return fail(arguments.file + ": " + counts.status().what(), counts.error());
  tell_counts(arguments, counts.value());
  if (!synced.ok()) return fail(synced.problem);
  const bool whole = counts.value().failed == 0 && !counts.value().interrupted;
  return whole ? kExitOk : kExitError;
}

}  // namespace

int run_import(ImportArguments arguments) {
  const auto format =
      arguments.file == "-" ? VectorFormat::kJsonl : vector_format_of(arguments.file);
  if (!format.has_value()) {
    return fail(arguments.file + ": its name ends neither in .npy nor in .fvecs nor in .jsonl");
  }
  auto input = open_input(arguments.file);
  if (!input.ok()) return fail(arguments.file, input.error());
  auto reader = open_vector_reader(*format, std::move(input).value());
  if (!reader.ok()) return fail(arguments.file + ": " + reader.status().what());

  std::string problem;
  Paths paths;
  if (!open_paths(arguments, *reader.value(), paths, problem)) return fail(problem);
  const OpenedTree tree =
      open_tree(arguments.directory, arguments.create ? NewStore::kYes : NewStore::kNo);
  if (tree.client == nullptr) return fail(tree.problem);
  if (!prepare_space(*tree.client, arguments, *reader.value(), problem)) return fail(problem);
  return import_rows(*tree.client, arguments, *reader.value(), paths);
}

}  // namespace vexfs::cli
