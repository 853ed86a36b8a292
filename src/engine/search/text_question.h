// TextQuestion: a text as the two halves of the index of texts take it.
#ifndef VEXFS_ENGINE_SEARCH_TEXT_QUESTION_H_
#define VEXFS_ENGINE_SEARCH_TEXT_QUESTION_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/query/query.h"
#include "text/embedder.h"

namespace vexfs::engine {

struct TextQuestion {
  QueryMode mode = QueryMode::kHybrid;
  std::vector<float> vector;       // Empty: it is not asked by its meaning, or has none.
  std::vector<std::string> terms;  // Empty: it is not asked by its words, or has none.
  bool embedded = true;            // False: there should be a vector, but none could be had.
};

// The terms of a query: each once, without the commonest words unless it has no others, at most
// limits::kQueryTermsMax. Large stack.
std::vector<std::string> terms_of_query(std::string_view text);

// Of `path`, or any text, how many of the terms it has, 0 to 1. Large stack.
float part_of_terms(const std::vector<std::string>& terms, std::string_view path);

// As `mode` needs it. In mode hybrid the words are asked alone where the embedder cannot be
// reached, refuses the key or answers nonsense (`embedded` says so). Large stack; a remote embedder
// is waited for.
Result<TextQuestion> question_of(std::string_view text, QueryMode mode,
                                 const text::Embedder& embedder);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_TEXT_QUESTION_H_
