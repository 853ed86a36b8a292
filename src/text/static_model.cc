// A token is looked up in an open-addressing hash table, and its row of 4-bit codes is decoded
// while it is added. A token that is not in the vocabulary is the mean of the rows of its character
// n-grams, as in fastText (Bojanowski et al., 2017, "Enriching Word Vectors with Subword
// Information").
#include "text/static_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/limits.h"
#include "text/tokenizer.h"

namespace vexfs::text {
namespace {

// How a model file starts (assets/README.md).
struct Header {
  std::array<char, 8> magic;
  uint32_t dim;
  uint32_t words;
  uint32_t buckets;
  uint32_t vocabulary_bytes;
  uint32_t bits;
  std::array<uint32_t, 3> reserved;
};
static_assert(sizeof(Header) == 40);
constexpr std::array<char, 8> kMagic = {'V', 'F', 'S', 'E', 'M', 'B', '1', '\0'};
constexpr uint32_t kNoRow = UINT32_MAX;

uint32_t fnv1a(std::string_view bytes) {
  uint32_t hash = 2166136261U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

// A hash of every byte. It takes eight at a time, since the file has megabytes.
uint64_t fingerprint_of(std::span<const std::byte> file) {
  uint64_t hash = 0x9E3779B97F4A7C15U ^ kTokenizerVersion;
  for (size_t at = 0; at < file.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, file.data() + at, std::min(sizeof(word), file.size() - at));
    hash = (std::rotl(hash, 5) ^ word) * 0x517CC1B727220A95U;
  }
  return hash ^ hash >> 32;
}

bool is_number(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The hash buckets of the n-grams, 3 to 5 bytes each, of the token in angle brackets.
constexpr size_t kGramBytesMin = 3;
constexpr size_t kGramBytesMax = 5;
struct Grams {
  std::array<uint32_t, 3 * (limits::kTokenBytesMax + 2)> buckets;
  size_t count = 0;
};

void grams_of(std::string_view token, uint32_t buckets, Grams& grams) {
  std::array<char, limits::kTokenBytesMax + 2> framed;
  framed[0] = '<';
  std::copy(token.begin(), token.end(), framed.begin() + 1);
  framed[token.size() + 1] = '>';
  const std::string_view word(framed.data(), token.size() + 2);
  for (size_t start = 0; start < word.size(); ++start) {
    uint32_t hash = fnv1a("");
    for (size_t n = 1; n <= kGramBytesMax && start + n <= word.size(); ++n) {
      hash = (hash ^ static_cast<unsigned char>(word[start + n - 1])) * 16777619U;
      if (n >= kGramBytesMin) grams.buckets[grams.count++] = (hash ^ hash >> 15) % buckets;
    }
  }
}

}  // namespace

Result<StaticModel> StaticModel::open(std::span<const std::byte> file) {
  Header header;
  if (file.size() < sizeof(header)) return Status(EINVAL, "model: too short");
  std::memcpy(&header, file.data(), sizeof(header));
  if (header.magic != kMagic) return Status(EINVAL, "model: not a model");
  if (header.bits != 4) return Status(EINVAL, "model: not of 4 bits");
  if (header.dim == 0 || header.dim % 2 != 0 || header.dim > limits::kDimMax) {
    return Status(EINVAL, "model: dimension");
  }
  if (header.buckets == 0 || header.words > limits::kModelRowsMax ||
      header.buckets > limits::kModelRowsMax) {
    return Status(EINVAL, "model: rows");
  }
  const uint64_t rows = uint64_t{header.words} + header.buckets;
  const uint64_t row_bytes = header.dim / 2;
  if (file.size() !=
      sizeof(header) + rows * (sizeof(float) + row_bytes) + header.vocabulary_bytes) {
    return Status(EINVAL, "model: size");
  }
  StaticModel model;
  model.dim_ = header.dim;
  model.words_ = header.words;
  model.buckets_ = header.buckets;
  model.scales_ = file.data() + sizeof(header);
  model.rows_ = model.scales_ + rows * sizeof(float);
  model.vocabulary_ = {reinterpret_cast<const char*>(model.rows_ + rows * row_bytes),
                       header.vocabulary_bytes};
  model.fingerprint_ = fingerprint_of(file);
  VEXFS_CHECK_OK(model.index_vocabulary());
  return model;
}

Status StaticModel::index_vocabulary() {
  word_starts_.reserve(words_ + 1);
  size_t start = 0;
  for (uint32_t row = 0; row < words_; ++row) {
    if (start > vocabulary_.size()) return Status(EINVAL, "model: too few words");
    word_starts_.push_back(static_cast<uint32_t>(start));
    start = std::min(vocabulary_.find('\n', start), vocabulary_.size()) + 1;
  }
  if (words_ != 0 && start != vocabulary_.size() + 1)
    return Status(EINVAL, "model: too many words");
  word_starts_.push_back(static_cast<uint32_t>(start));
  table_.assign(std::bit_ceil(size_t{2} * words_ + 1), 0);
  for (uint32_t row = 0; row < words_; ++row) {
    size_t at = fnv1a(word(row)) & (table_.size() - 1);
    while (table_[at] != 0) at = (at + 1) & (table_.size() - 1);
    table_[at] = row + 1;
  }
  return {};
}

std::string_view StaticModel::word(uint32_t row) const {
  return vocabulary_.substr(word_starts_[row], word_starts_[row + 1] - word_starts_[row] - 1);
}

uint32_t StaticModel::find(std::string_view token) const {
  size_t at = fnv1a(token) & (table_.size() - 1);
  for (; table_[at] != 0; at = (at + 1) & (table_.size() - 1)) {
    if (word(table_[at] - 1) == token) return table_[at] - 1;
  }
  return kNoRow;
}

void StaticModel::add_row(uint32_t row, float weight, float* sum) const {
  float scale = 0;
  std::memcpy(&scale, scales_ + size_t{row} * sizeof(float), sizeof(scale));
  scale *= weight;
  const size_t bytes = dim_ / 2;
  const std::byte* codes = rows_ + row * bytes;
  for (size_t i = 0; i < bytes; ++i) {
    const int code = std::to_integer<int>(codes[i]);
    sum[2 * i] += scale * static_cast<float>((code & 15) - 8);
    sum[2 * i + 1] += scale * static_cast<float>((code >> 4) - 8);
  }
}

void StaticModel::add(std::string_view token, std::span<float> sum) const {
  const uint32_t row = find(token);
  if (row != kNoRow) return add_row(row, 1, sum.data());
  // The n-grams of numbers would say nothing about them.
  if (token.size() > limits::kTokenBytesMax || is_number(token)) return;
  Grams grams;
  grams_of(token, buckets_, grams);
  const float weight = 1 / static_cast<float>(grams.count);
  for (size_t i = 0; i < grams.count; ++i) add_row(words_ + grams.buckets[i], weight, sum.data());
}

bool StaticModel::normalise(std::span<float> sum) {
  float squares = 0;
  for (const float x : sum) squares += x * x;
  if (!(squares > 0)) return false;
  const float factor = 1 / std::sqrt(squares);
  for (float& x : sum) x *= factor;
  return true;
}

bool StaticModel::embed(std::string_view text, std::span<float> vector) const {
  std::fill(vector.begin(), vector.end(), 0.0F);
  Tokenizer tokenizer(text);
  for (std::string_view token = tokenizer.next(); !token.empty(); token = tokenizer.next()) {
    add(token, vector);
  }
  return normalise(vector);
}

}  // namespace vexfs::text
