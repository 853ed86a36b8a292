// TextQuestion: the text of a query as terms and as a vector, for the two halves of the index.
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
  std::vector<float> vector;  // Empty where the meaning is not asked for, or the text has none.
  std::vector<std::string> terms;  // Empty where the words are not asked for, or the text has none.
  bool embedded = true;            // False where there should be a vector and the embedder failed.
};

// The terms of a query, each once and at most limits::kQueryTermsMax. The commonest words are left
// out, unless the query has no others. Needs a large stack.
std::vector<std::string> terms_of_query(std::string_view text);

// The part of the terms that `path` has, 0 to 1. Needs a large stack.
float part_of_terms(const std::vector<std::string>& terms, std::string_view path);

// Makes the parts that `mode` needs. In mode hybrid the words are asked alone where the embedder
// cannot be reached, refuses the key or answers nonsense, and `embedded` is false then. Needs a
// large stack, and waits for a remote embedder.
Result<TextQuestion> question_of(std::string_view text, QueryMode mode,
                                 const text::Embedder& embedder);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_TEXT_QUESTION_H_
