// StaticModel: an embedder of words that are looked up and added (assets/README.md has the format).
#ifndef VEXFS_TEXT_STATIC_MODEL_H_
#define VEXFS_TEXT_STATIC_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace vexfs::text {

// The rows stay where they are and are decoded as they are added; only an index of the vocabulary
// (some 0.7 MB) is made. Threads: all methods may run at once. Stack: under 1 KiB.
class StaticModel {
 public:
  // `file` must outlive the model. EINVAL when it is no model, or contradicts itself.
  static Result<StaticModel> open(std::span<const std::byte> file);

  uint32_t dim() const { return dim_; }
  // Of the file and the tokenizer: vectors of other fingerprints cannot be compared.
  uint64_t fingerprint() const { return fingerprint_; }

  // Adds a token to `sum` (dim floats).
  void add(std::string_view token, std::span<float> sum) const;
  // Divides `sum` by its length. False when that is 0: the text has no vector.
  static bool normalise(std::span<float> sum);
  // All of `text`, normalised. False, and zeros, when no token of it is known.
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
  const std::byte* scales_ = nullptr;  // Not aligned.
  const std::byte* rows_ = nullptr;
  std::string_view vocabulary_;
  std::vector<uint32_t> word_starts_;  // In vocabulary_, with one more at the end.
  std::vector<uint32_t> table_;        // Open addressing: row + 1, 0 is free.
};

// The model that is part of the program. The same object for ever; the first call makes it (a
// large stack, a millisecond).
const StaticModel& builtin_model();

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_STATIC_MODEL_H_
