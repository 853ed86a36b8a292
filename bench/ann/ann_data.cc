// ann_data: makes vectors and their truth; the tool behind bench/ann/make_data.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "clustered.h"
#include "matrix.h"
#include "text/static_model.h"
#include "truth.h"

namespace vexfs::bench {
namespace {

constexpr size_t kTruthNeighbors = 100;

int fail(const char* step, const Status& status) {
  std::fprintf(stderr, "ann_data: %s: %s: %s\n", step, status.what(),
               std::strerror(status.error()));
  return 1;
}

// ann_data truth BASE QUERIES OUT cosine|l2|ip THREADS
Status make_truth(char** words) {
  VEXFS_TRY(base, Matrix::open(words[0]));
  VEXFS_TRY(queries, Matrix::open(words[1]));
  const std::string metric = words[3];
  const Metric chosen = metric == "l2"   ? Metric::kL2
                        : metric == "ip" ? Metric::kInnerProduct
                                         : Metric::kCosine;
  const Truth truth =
      find_truth(base, {.rows = base.rows()}, queries, queries.rows(), kTruthNeighbors, chosen,
                 static_cast<unsigned>(std::strtoul(words[4], nullptr, 10)));
  return write_truth(truth, words[2]);
}

Status write_clustered(ClusteredVectors& source, const char* path, size_t rows, size_t dim) {
  VEXFS_TRY(writer, MatrixWriter::create(path, rows, dim));
  for (size_t i = 0; i < rows; ++i) VEXFS_CHECK_OK(writer.add(source.next().data()));
  return writer.finish();
}

// ann_data clustered BASE QUERIES ROWS QUERY_ROWS DIM DECAY NORMALISED SEED
Status make_clustered(char** words) {
  const auto number = [&](int i) { return std::strtoull(words[i], nullptr, 10); };
  ClusterShape shape;
  shape.dim = number(4);
  shape.decay = std::strtod(words[5], nullptr);
  shape.normalised = number(6) != 0;
  shape.seed = number(7);
  ClusteredVectors source(shape);
  VEXFS_CHECK_OK(write_clustered(source, words[0], number(2), shape.dim));
  return write_clustered(source, words[1], number(3), shape.dim);
}

// ann_data embed OUT: each line of standard input is a text; all must have a vector.
Status make_embedded(char** words) {
  const text::StaticModel& model = text::builtin_model();
  std::vector<std::vector<float>> vectors;
  std::vector<float> vector(model.dim());
  for (std::string line; std::getline(std::cin, line);) {
    if (!model.embed(line, vector)) return Status(EINVAL, "a text without a known word");
    vectors.push_back(vector);
  }
  VEXFS_TRY(writer, MatrixWriter::create(words[0], vectors.size(), model.dim()));
  for (const auto& row : vectors) VEXFS_CHECK_OK(writer.add(row.data()));
  return writer.finish();
}

struct Verb {
  const char* name;
  int arguments;
  Status (*run)(char** words);
};
constexpr std::array<Verb, 3> kVerbs = {
    {{"truth", 5, make_truth}, {"clustered", 8, make_clustered}, {"embed", 1, make_embedded}}};

int run(int argc, char** argv) {
  for (const Verb& verb : kVerbs) {
    if (argc != verb.arguments + 2 || std::strcmp(argv[1], verb.name) != 0) continue;
    const Status status = verb.run(argv + 2);
    return status.ok() ? 0 : fail(verb.name, status);
  }
  std::fprintf(stderr,
               "usage: ann_data truth BASE QUERIES OUT cosine|l2|ip THREADS\n"
               "       ann_data clustered BASE QUERIES ROWS QUERY_ROWS DIM DECAY 0|1 SEED\n"
               "       ann_data embed OUT < TEXTS\n");
  return 2;
}

}  // namespace
}  // namespace vexfs::bench

int main(int argc, char** argv) { return vexfs::bench::run(argc, argv); }
