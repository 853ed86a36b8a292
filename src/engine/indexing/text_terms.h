// PassageTerms: the words of a passage, counted, as the lexical index takes them.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_TERMS_H_
#define VEXFS_ENGINE_INDEXING_TEXT_TERMS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "lexical/lexical_index.h"

namespace vexfs::engine {

// Each term once. Moves, and does not copy: the terms are views of `bytes`.
struct PassageTerms {
  PassageTerms() = default;
  PassageTerms(PassageTerms&&) = default;
  PassageTerms& operator=(PassageTerms&&) = default;
  PassageTerms(const PassageTerms&) = delete;
  PassageTerms& operator=(const PassageTerms&) = delete;

  std::vector<char> bytes;
  std::vector<lexical::TermCount> terms;
  uint32_t length = 0;  // Of the text, in terms.
};

// Counts terms in a table that is kept between passages. Threads: one. Large stack.
class TermCounter {
 public:
  TermCounter();

  // The terms of `text`, and those of the file's name, which count limits::kNameTermWeight times.
  PassageTerms count(std::string_view text, std::string_view name);

 private:
  struct Entry {
    uint64_t hash;
    uint32_t start;  // In bytes_.
    uint32_t bytes;
    uint32_t count;
  };
  void add(std::string_view term, uint32_t count);
  void grow();

  std::vector<char> bytes_;
  std::vector<Entry> entries_;   // In order of their first occurrence.
  std::vector<uint32_t> table_;  // Index into entries_ + 1, 0 is free; a power of two.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_TERMS_H_
