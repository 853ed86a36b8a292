// Every query is asked twice, with and without the graph: the scan is what the search is compared
// with in speed, and what is true. Both go through the tree's own door, so that the times are those
// of a program, JSON included.
//
// Recall counts hits that are at least as near as the k-th true one, rather than the same files: of
// equally near ones any is right.
#include "cli/bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <random>

#include "base/json_writer.h"
#include "base/limits.h"
#include "cli/tree/reply.h"
#include "engine/query/query_json.h"

namespace vexfs::cli {
namespace {

constexpr float kClusterSpread = 0.35F;
constexpr float kQueryNoise = 0.3F;  // As a part of the vector's length.
// Scores travel as text and may differ in their last digit between a walk and a scan.
constexpr double kTieTolerance = 1e-5;

std::vector<double> scores_of(const Reply& reply) {
  std::vector<double> scores;
  for (const Json& hit : array_in(reply.json, "hits")) scores.push_back(real_in(hit, "score"));
  return scores;
}

// Asks, and appends how long the reply took without its parsing here.
Reply ask(TreeClient& tree, const std::string& request, std::vector<double>& microseconds) {
  const auto start = std::chrono::steady_clock::now();
  auto received = tree.query(request);
  const auto end = std::chrono::steady_clock::now();
  microseconds.push_back(std::chrono::duration<double, std::micro>(end - start).count());
  return reply_of(std::move(received));
}

}  // namespace

Vectors clustered_vectors(uint32_t count, uint32_t dim, uint32_t clusters, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  Vectors centres(clusters, std::vector<float>(dim));
  for (auto& centre : centres) {
    for (float& value : centre) value = normal(random);
  }
  Vectors vectors(count, std::vector<float>(dim));
  for (auto& vector : vectors) {
    const std::vector<float>& centre = centres[random() % clusters];
    for (uint32_t i = 0; i < dim; ++i) vector[i] = centre[i] + kClusterSpread * normal(random);
  }
  return vectors;
}

Vectors queries_from(TreeClient& tree, const SpaceInfo& space, uint32_t count,
                     std::string& problem) {
  std::string request;
  JsonWriter json(request);
  json.object().key("list").object();
  json.member("space", space.name).member("limit", limits::kListedFilesMax).end().end();
  const Reply reply = reply_of(tree.control(request));
  problem = reply.problem;
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  Vectors queries;
  const uint32_t dim = space.parameters.dim;
  for (const Json& file : array_in(reply.json, "files")) {
    if (queries.size() == count) break;
    auto stored = tree.get_vectors(text_in(file, "path"), space.name);
    if (!stored.ok() || stored.value().size() < dim) continue;
    std::vector<float>& query = stored.value();
    query.resize(dim);
    double squares = 0;
    for (const float value : query) squares += double{value} * double{value};
    // Each element gets this much noise, so that the sum is kQueryNoise of the vector's length.
    const float step =
        kQueryNoise * static_cast<float>(std::sqrt(squares / static_cast<double>(dim)));
    for (float& value : query) value += step * normal(random);
    queries.push_back(std::move(query));
  }
  return queries;
}

Latencies latencies_of(std::vector<double> microseconds) {
  if (microseconds.empty()) return {};
  std::sort(microseconds.begin(), microseconds.end());
  const auto at = [&](size_t percent) {
    return microseconds[(microseconds.size() - 1) * percent / 100];
  };
  return {at(50), at(99)};
}

bool measure_search(TreeClient& tree, const SpaceInfo& space, const Vectors& queries, uint32_t k,
                    SearchFigures& figures, std::string& problem) {
  std::vector<double> searched;
  std::vector<double> scanned;
  uint64_t right = 0;
  uint64_t all = 0;
  engine::Query query;
  query.space = space.name;
  query.k = k;
  for (const auto& vector : queries) {
    query.vector = vector;
    query.exact = false;
    const Reply found = ask(tree, write_query_json(query), searched);
    query.exact = true;
    const Reply true_one = ask(tree, write_query_json(query), scanned);
    if (!found.ok() || !true_one.ok()) {
      problem = found.ok() ? true_one.problem : found.problem;
      return false;
    }
    const std::vector<double> truth = scores_of(true_one);
    const std::vector<double> scores = scores_of(found);
    if (truth.empty()) continue;
    const double worst = truth.back() - kTieTolerance * (1 + std::fabs(truth.back()));
    const auto good = std::count_if(scores.begin(), scores.end(),
                                    [worst](double score) { return score >= worst; });
    right += std::min<uint64_t>(static_cast<uint64_t>(good), truth.size());
    all += truth.size();
    if (scores.size() < truth.size()) ++figures.short_of;
  }
  figures.queries = static_cast<uint32_t>(queries.size());
  figures.search = latencies_of(std::move(searched));
  figures.exact = latencies_of(std::move(scanned));
  figures.recall = all == 0 ? 0 : static_cast<double>(right) / static_cast<double>(all);
  return true;
}

}  // namespace vexfs::cli
