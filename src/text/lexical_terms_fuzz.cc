// Fuzz target: any bytes as text. Terms lie within the text, come in order, and are short.
#include <cstdlib>

#include "base/limits.h"
#include "text/lexical_terms.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  const std::string_view text(reinterpret_cast<const char*>(data), bytes);
  for (const auto use : {text::TermsFor::kIndex, text::TermsFor::kQuery}) {
    size_t last = 0;
    text::lexical_terms(text, use, [&](const text::LexicalTerm& term) {
      if (term.term.empty() || term.term.size() > limits::kTermBytesMax) std::abort();
      if (term.start >= term.end || term.end > bytes) std::abort();
      if (!term.same_place && term.end < last) std::abort();
      last = term.end;
      return true;
    });
  }
  return 0;
}
