// Both parts come from `text`, which indexing uses as well: words are cut alike on both sides.
#include "engine/search/text_question.h"

#include <algorithm>

#include "base/limits.h"
#include "text/lexical_terms.h"

namespace vexfs::engine {
namespace {

bool has(const std::vector<std::string>& terms, std::string_view term) {
  return std::find(terms.begin(), terms.end(), term) != terms.end();
}

}  // namespace

std::vector<std::string> terms_of_query(std::string_view text) {
  std::vector<std::string> terms;
  std::vector<std::string> stop_words;
  text::lexical_terms(text, text::TermsFor::kQuery, [&](const text::LexicalTerm& found) {
    std::vector<std::string>& list = text::is_stop_word(found.term) ? stop_words : terms;
    if (!has(list, found.term)) list.emplace_back(found.term);
    return std::max(terms.size(), stop_words.size()) < limits::kQueryTermsMax;
  });
  return terms.empty() ? stop_words : terms;
}

float part_of_terms(const std::vector<std::string>& terms, std::string_view path) {
  if (terms.empty()) return 0;
  std::vector<bool> found(terms.size());
  text::lexical_terms(path, text::TermsFor::kIndex, [&](const text::LexicalTerm& term) {
    const auto place = std::find(terms.begin(), terms.end(), term.term);
    if (place != terms.end()) found[static_cast<size_t>(place - terms.begin())] = true;
    return true;
  });
  const auto count = static_cast<float>(std::count(found.begin(), found.end(), true));
  return count / static_cast<float>(terms.size());
}

Result<TextQuestion> question_of(std::string_view text, QueryMode mode,
                                 const text::Embedder& embedder) {
  TextQuestion question;
  question.mode = mode;
  if (mode != QueryMode::kSemantic) question.terms = terms_of_query(text);
  if (mode == QueryMode::kLexical) return question;
  question.vector.resize(embedder.dim());
  const Status status = embedder.embed(std::span(&text, 1), question.vector);
  if (!status.ok()) {
    const bool is_embedders =
        status.error() == EAGAIN || status.error() == EACCES || status.error() == EPROTO;
    if (mode == QueryMode::kSemantic || !is_embedders) return status;
    question.embedded = false;
  }
  const bool any = std::any_of(question.vector.begin(), question.vector.end(),
                               [](float number) { return number != 0; });
  if (!any || !status.ok()) question.vector.clear();
  return question;
}

}  // namespace vexfs::engine
