// StaticModel: the vector of a text is the normalised sum of the vectors of its words, which are
// looked up in a file (assets/README.md describes its format and how it was trained).
#ifndef VEXFS_TEXT_STATIC_MODEL_H_
#define VEXFS_TEXT_STATIC_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace vexfs::text {

// The rows stay in the file and are decoded as they are added; only an index of the vocabulary
// (some 0.7 MB) is built in memory. Threads: all methods may run at once. Stack: under 1 KiB.
class StaticModel {
 public:
  // `file` must outlive the model. EINVAL when it is not a model file or contradicts itself.
  static Result<StaticModel> open(std::span<const std::byte> file);

  uint32_t dim() const { return dim_; }
  // Identifies the file and the tokenizer's rules. Vectors of other fingerprints cannot be
  // compared.
  uint64_t fingerprint() const { return fingerprint_; }

  // Adds the vector of a token to `sum` (dim() floats). A token that is too long adds nothing.
  void add(std::string_view token, std::span<float> sum) const;
  // Divides `sum` by its length. Answers false when that is 0, that is, for a text without a
  // vector.
  static bool normalise(std::span<float> sum);
  // Writes the normalised vector of `text`. Answers false, and writes zeros, when it knows no token
  // of the text.
  bool embed(std::string_view text, std::span<float> vector) const;

 private:
  StaticModel() = default;
  Status index_vocabulary();
  std::string_view word(uint32_t row) const;
  uint32_t find(std::string_view token) const;
  void add_row(uint32_t row, float weight, float* sum) const;

  uint32_t dim_ = 0;
  uint32_t words_ = 0;
  uint32_t buckets_ = 0;
  uint64_t fingerprint_ = 0;
  const std::byte* scales_ = nullptr;  // Floats, not aligned.
  const std::byte* rows_ = nullptr;
  std::string_view vocabulary_;
  // Where each word starts in vocabulary_, and one more at the end.
  std::vector<uint32_t> word_starts_;
  // The hash table, with open addressing: row + 1, or 0 for a free place.
  std::vector<uint32_t> table_;
};

// The model that is part of the program. It is one object for the life of the process. The first
// call makes it, which takes a millisecond and a large stack.
const StaticModel& builtin_model();

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_STATIC_MODEL_H_
