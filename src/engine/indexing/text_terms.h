// PassageTerms and TermCounter: the words of a passage with their counts, for the lexical index.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_TERMS_H_
#define VEXFS_ENGINE_INDEXING_TEXT_TERMS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "lexical/lexical_index.h"

namespace vexfs::engine {

// Has each term once. It can be moved but not copied, since the terms are views of `bytes`.
struct PassageTerms {
  PassageTerms() = default;
  PassageTerms(PassageTerms&&) = default;
  PassageTerms& operator=(PassageTerms&&) = default;
  PassageTerms(const PassageTerms&) = delete;
  PassageTerms& operator=(const PassageTerms&) = delete;

  std::vector<char> bytes;
  std::vector<lexical::TermCount> terms;
  uint32_t length = 0;  // The number of terms in the text, each occurrence counted.
};

// Counts terms in a hash table that it keeps between passages. Threads: one. Large stack.
class TermCounter {
 public:
  TermCounter();

  // Counts the terms of `text` and of the file's name; each of the latter counts
  // limits::kNameTermWeight times.
  PassageTerms count(std::string_view text, std::string_view name);

 private:
  struct Entry {
    uint64_t hash;
    uint32_t start;  // Position in bytes_.
    uint32_t bytes;
    uint32_t count;
  };
  void add(std::string_view term, uint32_t count);
  void grow();

  std::vector<char> bytes_;
  std::vector<Entry> entries_;   // In the order of first occurrence.
  std::vector<uint32_t> table_;  // Index into entries_ plus 1; 0: free. Its size is a power of two.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_TERMS_H_
