// An embedder behind an OpenAI-compatible endpoint: POST URL/v1/embeddings.
#ifndef VEXFS_TEXT_HTTP_EMBEDDER_H_
#define VEXFS_TEXT_HTTP_EMBEDDER_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "text/embedder.h"

namespace vexfs::text {

struct HttpEmbedderOptions {
  std::string url;              // http:// or https://, up to the host or to ".../v1".
  std::string model;            // As the endpoint calls it.
  std::string key_file;         // A file whose first line is the key; empty: none is sent.
  uint32_t dim = 0;             // 0: what the first answer has.
  size_t passage_bytes = 3200;  // Some 800 tokens of English.
  size_t batch = 32;
  long timeout_ms = 30'000;  // Of one attempt.
  unsigned attempts = 4;     // Waits of 0.25, 0.5, 1 s … or Retry-After lie between them.
};

// A remote embedder, or the built-in one (nullopt).
using EmbedderChoice = std::optional<HttpEmbedderOptions>;

// The options that every remote embedder of a store starts from: one short attempt. Its callers try
// again by themselves, and the end of a mount waits for an attempt.
HttpEmbedderOptions remote_embedder();

// Of such an embedder, whose dimension is known. The same model is the same embedder, wherever it
// is.
uint64_t http_fingerprint(std::string_view model, uint32_t dim);

PassageOptions http_passage_options(const HttpEmbedderOptions& options);

// One whose dimension is known: asks nothing yet. EINVAL, EACCES and ENOENT as below.
Result<std::unique_ptr<Embedder>> make_http_embedder(const HttpEmbedderOptions& options);

// Asks the endpoint for one vector, to learn its dimension and that it works at all. Texts go
// nowhere else, redirects are not followed. Answers and waits are bounded:
// limits::kHttpReplyBytesMax, timeout_ms, attempts. EINVAL for options, EACCES for a refused or
// unreadable key, EPROTO for wrong answers (a wrong dimension among them), EAGAIN where it cannot
// be reached.
Result<std::unique_ptr<Embedder>> connect_http_embedder(const HttpEmbedderOptions& options);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_HTTP_EMBEDDER_H_
