// Fuzz target: any bytes as text. Tokens are short, come in order, and all of the text is read.
#include <cstdlib>

#include "text/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  const std::string_view text(reinterpret_cast<const char*>(data), bytes);
  text::Tokenizer tokenizer(text);
  size_t before = 0;
  size_t total = 0;
  for (auto token = tokenizer.next(); !token.empty(); token = tokenizer.next()) {
    total += token.size();
    if (token.size() > limits::kTokenBytesMax || tokenizer.position() <= before) std::abort();
    before = tokenizer.position();
  }
  if (total > bytes || tokenizer.position() != bytes) std::abort();
  return 0;
}
