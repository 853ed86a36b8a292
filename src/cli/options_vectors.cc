// Options and help of space, vector, import and export.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "cli/commands.h"
#include "cli/options.h"

namespace vexfs::cli {
namespace {

constexpr const char* kDirectoryHelp = "Any directory inside the tree (default: here)";

// Lets an option take the name of one of `values` as it is written in JSON and in messages.
template <typename T>
CLI::Transformer by_name(std::initializer_list<T> values) {
  std::map<std::string, T> named;
  for (const T value : values) named.emplace(name_of(value), value);
  return CLI::Transformer(named);
}

void add_metric(CLI::App& command, SpaceParameters& parameters) {
  command.add_option("--metric", parameters.metric, "cosine, l2 or ip (default: cosine)")
      ->transform(by_name({Metric::kCosine, Metric::kL2, Metric::kInnerProduct}));
}

void add_parameters(CLI::App& command, SpaceParameters& parameters) {
  command.add_option("--storage", parameters.element, "f32 or f16, half the size (default: f32)")
      ->transform(by_name({ElementType::kF32, ElementType::kF16}));
  command.add_option("--m", parameters.m, "HNSW: links of a vector (default: 16)")
      ->check(CLI::Range(2U, limits::kMMax));
  command
      .add_option("--ef-construction", parameters.ef_construction,
                  "HNSW: candidates when a vector is added (default: 200)")
      ->check(CLI::Range(1U, limits::kEfMax));
  command
      .add_option("--ef-search", parameters.ef_search,
                  "HNSW: candidates of a search (default: by the space's size)")
      ->check(CLI::Range(0U, limits::kEfMax));
}

void add_space_create(CLI::App& space, int& code) {
  auto arguments = std::make_shared<SpaceInfo>();
  auto path = std::make_shared<std::string>(".");
  auto* command = space.add_subcommand("create", "Make a space for vectors of one dimension");
  command->add_option("name", arguments->name, "Letters a-z, digits, - and _")->required();
  command->add_option("path", *path, kDirectoryHelp);
  command->add_option("--dim", arguments->parameters.dim, "Numbers of a vector")
      ->required()
      ->check(CLI::Range(1U, limits::kDimMax));
  add_metric(*command, arguments->parameters);
  add_parameters(*command, arguments->parameters);
  command->footer(
      "Where no directory above has vectors, PATH itself gets a store, `.vexfs`.\n"
      "Example: vexfs space create clip --dim 512 --storage f16 ~/Pictures");
  command->callback([arguments, path, &code] { code = run_space_create(*arguments, *path); });
}

struct NameArguments {
  std::string name;
  std::string path = ".";
  bool json = false;
};

void add_space(CLI::App& app, int& code) {
  auto* space = app.add_subcommand("space", "Spaces: sets of vectors of one dimension and metric");
  space->require_subcommand(1);
  add_space_create(*space, code);

  auto arguments = std::make_shared<NameArguments>();
  auto* list = space->add_subcommand("list", "All spaces of a tree");
  list->add_option("path", arguments->path, kDirectoryHelp);
  list->add_flag("--json", arguments->json, "The reply as it is");
  list->callback([arguments, &code] { code = run_space_list(arguments->path, arguments->json); });

  auto* show = space->add_subcommand("show", "One space and its parameters");
  show->add_option("name", arguments->name)->required();
  show->add_option("path", arguments->path, kDirectoryHelp);
  show->add_flag("--json", arguments->json, "As JSON");
  show->callback([arguments, &code] {
    code = run_space_show(arguments->name, arguments->path, arguments->json);
  });

  auto* drop = space->add_subcommand("drop", "Remove a space and all its vectors");
  drop->add_option("name", arguments->name)->required();
  drop->add_option("path", arguments->path, kDirectoryHelp);
  drop->callback([arguments, &code] { code = run_space_drop(arguments->name, arguments->path); });
}

void add_vector(CLI::App& app, int& code) {
  auto* vector = app.add_subcommand("vector", "The vectors of one file");
  vector->require_subcommand(1);

  auto arguments = std::make_shared<VectorArguments>();
  auto output = std::make_shared<VectorOutput>(VectorOutput::kText);
  const auto add_file = [arguments](CLI::App* command) {
    command->add_option("file", arguments->file)->required();
    command->add_option("--space", arguments->space, "The space")->required();
  };

  auto* set = vector->add_subcommand("set", "Give a file its vector");
  add_file(set);
  auto* values = set->add_option("--values", arguments->values, "The numbers: 0.1,0.2");
  set->add_option("--raw", arguments->raw, "A file of float32, little-endian, or - for stdin")
      ->excludes(values);
  set->footer(
      "Without --values and --raw the vector is read from stdin, as a JSON array.\n"
      "Example: embed photo.jpg | vexfs vector set photo.jpg --space clip");
  set->callback([arguments, &code] { code = run_vector_set(*arguments); });

  auto* get = vector->add_subcommand("get", "Print a file's vectors, one a line");
  add_file(get);
  auto* json = get->add_flag_callback(
      "--json", [output] { *output = VectorOutput::kJson; }, "JSON arrays");
  get->add_flag_callback(
         "--raw", [output] { *output = VectorOutput::kRaw; }, "float32")
      ->excludes(json);
  get->footer(
      "Exit: 1 when the file has none.\n"
      "Example: vexfs vector get photo.jpg --space clip --raw > photo.f32");
  get->callback([arguments, output, &code] {
    code = run_vector_get(arguments->file, arguments->space, *output);
  });

  auto* remove = vector->add_subcommand("rm", "Take a file's vectors away");
  add_file(remove);
  remove->footer("Exit: 1 when the file has none.");
  remove->callback(
      [arguments, &code] { code = run_vector_remove(arguments->file, arguments->space); });
}

void add_import(CLI::App& app, int& code) {
  auto arguments = std::make_shared<ImportArguments>();
  auto* command = app.add_subcommand("import", "Give many files their vectors, from one file");
  command->add_option("file", arguments->file, "x.npy, x.fvecs or x.jsonl; -: jsonl from stdin")
      ->required();
  command->add_option("path", arguments->directory,
                      "The directory that the files' paths start from (default: here)");
  command->add_option("--space", arguments->space.name, "The space")->required();
  command->add_option("--paths", arguments->paths,
                      "For npy and fvecs: a file of paths, one a line");
  command->add_flag("--keep-going", arguments->keep_going, "Past rows that fail");
  auto* create =
      command->add_flag("--create", arguments->create, "Make the space if there is none");
  command
      ->add_option("--dim", arguments->space.parameters.dim, "With --create: numbers of a vector")
      ->needs(create)
      ->check(CLI::Range(1U, limits::kDimMax));
  add_metric(*command, arguments->space.parameters);
  add_parameters(*command, arguments->space.parameters);
  command->add_flag("-q,--quiet", arguments->quiet, "Neither progress nor a summary");
  command->footer(
      "npy: little-endian float32 or float16, two dimensions, C order. jsonl: a line a vector,\n"
      "{\"path\":\"travel/a.jpg\",\"vector\":[0.1,0.2]}. Without --paths the rows of npy and "
      "fvecs\n"
      "belong to all files below PATH, in the order of `find -type f | LC_ALL=C sort`. Files that\n"
      "have their vector already are left alone: after an interruption, start it again.\n"
      "Example: vexfs import --space clip --create vectors.npy --paths names.txt ~/Pictures");
  command->callback([arguments, &code] { code = run_import(*arguments); });
}

void add_export(CLI::App& app, int& code) {
  auto arguments = std::make_shared<ExportArguments>();
  auto* command = app.add_subcommand("export", "Write the vectors of a space to one file");
  command->add_option("file", arguments->file, "x.npy or x.fvecs (paths in x.npy.paths), x.jsonl")
      ->required();
  command->add_option("path", arguments->directory,
                      "The directory whose files' vectors are wanted (default: here)");
  command->add_option("--space", arguments->space, "The space")->required();
  command->add_flag("-q,--quiet", arguments->quiet, "Neither progress nor a summary");
  command->footer("Example: vexfs export --space clip clip.npy ~/Pictures");
  command->callback([arguments, &code] { code = run_export(*arguments); });
}

}  // namespace

void add_vector_options(CLI::App& app, int& code) {
  add_space(app, code);
  add_vector(app, code);
  add_import(app, code);
  add_export(app, code);
}

}  // namespace vexfs::cli
