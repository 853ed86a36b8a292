// vexfs vector set|get|rm: the vectors of one file.
#include <unistd.h>

#include <cstdio>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/tree/tree_client.h"
#include "cli/vectors/input.h"
#include "cli/vectors/vector_text.h"

namespace vexfs::cli {
namespace {

// The vector that the options name. `from` is what a failure is about.
Result<std::vector<float>> wanted_vector(const VectorArguments& arguments, std::string& from) {
  if (!arguments.values.empty()) {
    from = "--values";
    return parse_vector_text(arguments.values);
  }
  from = arguments.raw.empty() || arguments.raw == "-" ? "standard input" : arguments.raw;
  const std::string name = arguments.raw.empty() ? "-" : arguments.raw;
  VEXFS_TRY(bytes, read_input(name, limits::kVectorLineBytesMax));
  return arguments.raw.empty() ? parse_vector_text(bytes) : parse_vector_raw(bytes);
}

// Why the vectors do not fit the space, as a sentence; empty if they fit. Through a mount the
// kernel would pass on an errno only.
std::string refusal(TreeClient& tree, const VectorArguments& arguments,
                    const std::vector<float>& vectors) {
  std::string problem;
  const auto space = find_space(tree, arguments.space, problem);
  if (!space.has_value()) return problem;
  const SpaceParameters& parameters = space->parameters;
  if (vectors.size() % parameters.dim != 0) {
    return "space " + space->name + " has " + std::to_string(parameters.dim) +
           " dimensions, the vector has " + std::to_string(vectors.size());
  }
  for (size_t at = 0; at < vectors.size(); at += parameters.dim) {
    const Status fits = check_vector(vectors.data() + at, parameters);
    if (!fits.ok()) return fits.what();
  }
  return {};
}

}  // namespace

int run_vector_set(const VectorArguments& arguments) {
  std::string from;
  const auto vectors = wanted_vector(arguments, from);
  if (!vectors.ok()) return fail(from + ": " + vectors.status().what(), vectors.error());
  const OpenedFile file = open_tree_of_file(arguments.file);
  if (file.tree.client == nullptr) return fail(file.tree.problem);
  const std::string refused = refusal(*file.tree.client, arguments, vectors.value());
  if (!refused.empty()) return fail(refused);
  const Status status = file.tree.client->set_vectors(file.name, arguments.space, vectors.value());
  return status.ok() ? kExitOk : fail(arguments.file + ": " + status.what(), status.error());
}

int run_vector_get(const std::string& path, const std::string& space_name, VectorOutput output) {
  const OpenedFile file = open_tree_of_file(path);
  if (file.tree.client == nullptr) return fail(file.tree.problem);
  std::string problem;
  const auto space = find_space(*file.tree.client, space_name, problem);
  if (!space.has_value()) return fail(problem);
  const auto vectors = file.tree.client->get_vectors(file.name, space_name);
  if (vectors.error() == ENODATA) return kExitNone;
  if (!vectors.ok()) return fail(path + ": " + vectors.status().what(), vectors.error());
  const std::span<const float> all = vectors.value();
  if (output == VectorOutput::kRaw) {
    if (::isatty(STDOUT_FILENO) != 0) return fail("--raw is not for a terminal");
    const bool written = std::fwrite(all.data(), sizeof(float), all.size(), stdout) == all.size();
    return written && std::fflush(stdout) == 0 ? kExitOk : fail("writing", errno);
  }
  const uint32_t dim = space->parameters.dim;
  for (size_t at = 0; all.size() - at >= dim; at += dim) {
    std::string line;
    JsonWriter json(line);
    append_json_array(all.subspan(at, dim), json);
    if (output == VectorOutput::kText) line = line.substr(1, line.size() - 2);
    std::printf("%s\n", line.c_str());
  }
  return kExitOk;
}

int run_vector_remove(const std::string& path, const std::string& space) {
  const OpenedFile file = open_tree_of_file(path);
  if (file.tree.client == nullptr) return fail(file.tree.problem);
  std::string problem;
  if (!find_space(*file.tree.client, space, problem).has_value()) return fail(problem);
  const Status status = file.tree.client->remove_vectors(file.name, space);
  if (status.error() == ENODATA) return kExitNone;
  return status.ok() ? kExitOk : fail(path + ": " + status.what(), status.error());
}

}  // namespace vexfs::cli
