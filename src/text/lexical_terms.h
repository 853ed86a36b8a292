// Terms of the lexical index: what a text is found by, word for word.
#ifndef VEXFS_TEXT_LEXICAL_TERMS_H_
#define VEXFS_TEXT_LEXICAL_TERMS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/function_ref.h"

namespace vexfs::text {

struct LexicalTerm {
  std::string_view term;  // Lower case, without diacritics; valid during the call.
  size_t start = 0;       // The bytes of the text that it stands for.
  size_t end = 0;
  bool same_place = false;  // Another way to find what the term before it stands for.
};

enum class TermsFor { kIndex, kQuery };

// Words of any script, in lower case, Latin letters without their marks. Identifiers are found by
// their parts and as a whole: openFile, open_file and HTTPServer give open, file, openfile, and
// http, server, httpserver. Chinese, Japanese and Korean runs give pairs of characters; the index
// has the single ones beside them, a query only where it has no pair. Terms longer than
// limits::kTermBytesMax are passed over. Stops when `visit` answers false. Large stack.
void lexical_terms(std::string_view text, TermsFor use,
                   FunctionRef<bool(const LexicalTerm&)> visit);

// Whether the term is too common in English to find anything by ("the", "of").
bool is_stop_word(std::string_view term);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_LEXICAL_TERMS_H_
