// All vectors of a space have one metric, so they rank by distance; scores are for people. A text
// has two measures of different scale, and each is taken relative to the best of its kind.
#include "engine/search/result_scorer.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace vexfs::engine {
namespace {

// The constant of reciprocal rank fusion: 60, as in the paper that query.h names.
constexpr float kRankOffset = 60;
constexpr float kSecondsOfDay = 86400;

}  // namespace

float ResultScorer::score(float distance) const {
  if (metric_ == Metric::kCosine) return 1 - distance;
  return 0 - distance;  // Unlike -distance, this makes 0 of the distance 0, not -0.
}

void ResultScorer::rank(std::vector<ScoredPassage>& passages, uint32_t k) {
  const auto by_file = [](const ScoredPassage& a, const ScoredPassage& b) {
    return std::tie(a.passage.object, a.distance, a.passage.ordinal) <
           std::tie(b.passage.object, b.distance, b.passage.ordinal);
  };
  const auto same_file = [](const ScoredPassage& a, const ScoredPassage& b) {
    return a.passage.object == b.passage.object;
  };
  const auto best_first = [](const ScoredPassage& a, const ScoredPassage& b) {
    return std::tie(a.distance, a.path) < std::tie(b.distance, b.path);
  };
  std::sort(passages.begin(), passages.end(), by_file);
  passages.erase(std::unique(passages.begin(), passages.end(), same_file), passages.end());
  std::sort(passages.begin(), passages.end(), best_first);
  if (passages.size() > k) passages.resize(k);
}

Hit ResultScorer::hit(const ScoredPassage& passage) const {
  Hit hit;
  hit.path = passage.path;
  hit.score = score(passage.distance);
  if (passage.of_text.has_value()) {
    hit.score = passage.of_text->score;
    hit.semantic = passage.of_text->semantic;
    hit.lexical = passage.of_text->lexical;
    hit.duplicates = passage.of_text->duplicates;
  }
  hit.start = passage.passage.start;
  hit.end = passage.passage.end;
  hit.line = passage.passage.line;
  return hit;
}

TextScorer::TextScorer(QueryMode mode, const FusionOptions& options, const TextMatch& best,
                       float bm25_bound)
    : mode_(mode),
      options_(options),
      best_(best),
      lexical_weight_(best.bm25 > 0 ? best.bm25 / bm25_bound : 0) {}

float TextScorer::with_path(float score, float weight, float path_part) const {
  const float all = weight + options_.path_weight;
  return all > 0 ? (score + options_.path_weight * path_part) / all : 0;
}

float TextScorer::score(const TextMatch& match, float path_part) const {
  if (mode_ == QueryMode::kSemantic) return with_path(match.cosine, 1, path_part);
  const float lexical = best_.bm25 > 0 ? match.bm25 / best_.bm25 : 0;
  if (mode_ == QueryMode::kLexical) return with_path(lexical, 1, path_part);
  // A half that found nothing at all has no weight, so it does not pull the other one down.
  const float semantic_weight = best_.cosine > 0 ? options_.semantic_weight : 0.0F;
  const float semantic = best_.cosine > 0 ? std::max(match.cosine, 0.0F) / best_.cosine : 0.0F;
  return with_path(lexical_weight_ * lexical + semantic_weight * semantic,
                   lexical_weight_ + semantic_weight, path_part);
}

float TextScorer::score_of_ranks(uint32_t semantic, uint32_t lexical, float path_part) const {
  const auto of_rank = [](uint32_t rank) {
    return rank == 0 ? 0.0F : (kRankOffset + 1) / (kRankOffset + static_cast<float>(rank));
  };
  return with_path(of_rank(semantic) + of_rank(lexical), 2, path_part);
}

float TextScorer::aged(float score, int64_t modified, int64_t now) const {
  if (options_.recency_days == 0 || score <= 0 || modified >= now) return score;
  const float days = static_cast<float>(now - modified) / kSecondsOfDay;
  return score * std::exp2(-days / options_.recency_days);
}

ScoredPassage::OfText TextScorer::of_text(float score, const TextMatch& match) const {
  ScoredPassage::OfText of_text;
  of_text.score = score;
  if (mode_ != QueryMode::kLexical) of_text.semantic = match.cosine;
  if (match.bm25 > 0 && best_.bm25 > 0) of_text.lexical = match.bm25 / best_.bm25;
  return of_text;
}

}  // namespace vexfs::engine
