// vexfs export: all vectors of a space below a directory, into one file.
#include <cinttypes>
#include <cstdio>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/printing/progress.h"
#include "cli/vectors/export.h"
#include "cli/vectors/vector_writer.h"

namespace vexfs::cli {

int run_export(const ExportArguments& arguments) {
  const auto format = vector_format_of(arguments.file);
  if (!format.has_value()) {
    return fail(arguments.file + ": its name ends neither in .npy nor in .fvecs nor in .jsonl");
  }
  const OpenedTree tree = open_tree(arguments.directory);
  if (tree.client == nullptr) return fail(tree.problem);
  std::string problem;
  const auto space = find_space(*tree.client, arguments.space, problem);
  if (!space.has_value()) return fail(problem);
  auto writer = VectorWriter::create(system_io(), *format, arguments.file, space->parameters.dim);
  if (!writer.ok()) return fail(arguments.file + ": " + writer.status().what(), writer.error());

  Progress progress(arguments.quiet);
  const Interrupt interrupt;
  const double whole = static_cast<double>(space->vectors.value_or(0));
  ExportCounts counts;
  const auto append = [&](const std::string& path, std::span<const float> vector) {
    return writer.value().append(path, vector);
  };
  const auto go_on = [&](const ExportCounts& so_far) {
    const auto done = static_cast<double>(so_far.vectors);
    progress.update(so_far.vectors, whole == 0 ? -1 : done / whole);
    return !Interrupt::came();
  };
  const bool done = export_vectors(*tree.client, *space, append, go_on, counts, problem);
  progress.clear();
  if (!done) return fail(problem);
  if (counts.interrupted) return fail("interrupted; nothing was written");
  const Status status = writer.value().finish();
  if (!status.ok()) return fail(arguments.file + ": " + status.what(), status.error());
  if (counts.unspeakable != 0) {
    std::fprintf(stderr, "vexfs: %" PRIu64 " files were left out: their names are not UTF-8\n",
                 counts.unspeakable);
  }
  if (!arguments.quiet) {
    std::printf("%" PRIu64 " vectors of %" PRIu64 " files in %s\n", counts.vectors, counts.files,
                arguments.file.c_str());
  }
  if (counts.unspeakable != 0) return kExitError;
  return counts.vectors == 0 ? kExitNone : kExitOk;
}

}  // namespace vexfs::cli
