// Terms: the words of a text in the form that the lexical index and queries share.
#ifndef VEXFS_TEXT_LEXICAL_TERMS_H_
#define VEXFS_TEXT_LEXICAL_TERMS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/function_ref.h"

namespace vexfs::text {

struct LexicalTerm {
  std::string_view term;  // Lower case, without diacritics; valid during the call.
  // The term stands for the bytes [start, end) of the text.
  size_t start = 0;
  size_t end = 0;
  // The term is another name for text that earlier terms stand for already, as "openfile" is beside
  // "open" and "file". It does not count for the length of the text.
  bool same_place = false;
};

enum class TermsFor { kIndex, kQuery };

// Calls `visit` for each term of `text`, in order, until it answers false. Terms are words of any
// script, in lower case, with Latin letters stripped of their diacritics. An identifier gives its
// parts and itself: openFile and open_file give open, file, openfile; HTTPServer gives http,
// server, httpserver. A run of Chinese, Japanese or Korean characters gives pairs of neighbours.
// The index gets its single characters too; a query gets the single character only of a run that
// has no pair. Terms longer than limits::kTermBytesMax and bytes that are not UTF-8 are left out.
// Large stack.
void lexical_terms(std::string_view text, TermsFor use,
                   FunctionRef<bool(const LexicalTerm&)> visit);

// Whether the term is too common in English to find anything by ("the", "of").
bool is_stop_word(std::string_view term);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_LEXICAL_TERMS_H_
