// The texts of all parts in one array, and the vectors from one array back to the parts.
#include "engine/indexing/embed_parts.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

namespace vexfs::engine {
namespace {

bool wants_vectors(const TextPart& part) {
  return part.outcome == TextOutcome::kText && !part.words_only;
}

// Scales the vector to length 1. A null vector becomes a unit vector whose components alternate in
// sign, a direction that no text has.
void normalise(std::span<float> vector) {
  double squares = 0;
  for (const float value : vector) squares += double{value} * double{value};
  if (squares < 1e-12) {
    const float unit = 1 / std::sqrt(static_cast<float>(vector.size()));
    for (size_t i = 0; i < vector.size(); ++i) vector[i] = i % 2 == 0 ? unit : -unit;
    return;
  }
  const auto scale = static_cast<float>(1 / std::sqrt(squares));
  for (float& value : vector) value *= scale;
}

// Stores the vectors of the part's passages, and adds them to the document's sum; the last part of
// several passages gets the normalised sum as the vector of the whole file.
void take_vectors(TextPart& part, std::span<const float> rows, size_t dim) {
  part.vectors.assign(rows.begin(), rows.end());
  std::vector<float>& sum = part.source->sum;
  sum.resize(dim);
  for (size_t i = 0; i < rows.size(); ++i) sum[i % dim] += rows[i];
  part.unembedded = part.source->unembedded;
  part.source->passages += static_cast<uint32_t>(part.passages.size());
  for (size_t row = 0; row < part.passages.size(); ++row) {
    normalise(std::span(part.vectors).subspan(row * dim, dim));
  }
  if (!part.last || part.source->passages < 2) return;
  part.vectors.insert(part.vectors.end(), sum.begin(), sum.end());
  normalise(std::span(part.vectors).last(dim));
}

}  // namespace

void leave_unembedded(uint32_t dim, std::span<TextPart> parts) {
  for (TextPart& part : parts) {
    if (!wants_vectors(part)) continue;
    part.source->unembedded = true;
    take_vectors(part, std::vector<float>(part.passages.size() * dim), dim);
  }
}

Status embed_parts(const text::Embedder& embedder, std::span<TextPart> parts) {
  std::vector<std::string_view> texts;
  for (const TextPart& part : parts) {
    if (!wants_vectors(part)) continue;
    for (const text::Passage& passage : part.passages) {
      texts.push_back(
          std::string_view(part.source->text).substr(passage.start, passage.end - passage.start));
    }
  }
  const size_t dim = embedder.dim();
  std::vector<float> vectors(texts.size() * dim);
  for (size_t at = 0; at < texts.size();) {
    const size_t count = std::min(texts.size() - at, embedder.batch_max());
    VEXFS_CHECK_OK(embedder.embed(std::span(texts).subspan(at, count),
                                  std::span(vectors).subspan(at * dim, count * dim)));
    at += count;
  }
  size_t row = 0;
  for (TextPart& part : parts) {
    if (!wants_vectors(part)) continue;
    take_vectors(part, std::span(vectors).subspan(row * dim, part.passages.size() * dim), dim);
    row += part.passages.size();
  }
  return {};
}

}  // namespace vexfs::engine
