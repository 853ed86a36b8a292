// An Embedder behind an OpenAI-compatible HTTP endpoint, which is sent POST URL/v1/embeddings.
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
  std::string url;       // Starts with http:// or https:// and ends with the host or with "/v1".
  std::string model;     // The endpoint's name of the model.
  std::string key_file;  // Where the key was read from, for whoever makes the options.
  std::string key;       // Empty: no key is sent.
  uint32_t dim = 0;      // 0: the dimension of the endpoint's first answer.
  size_t passage_bytes = 3200;  // Some 800 tokens of English.
  size_t batch = 32;            // Texts in one request.
  long timeout_ms = 30'000;     // For one attempt.
  // Tries of one request. Between them it waits 0.25, 0.5, 1 s and so on, or as long as the
  // server's Retry-After says if that is longer, but never more than 8 s.
  unsigned attempts = 4;
};

// A remote embedder, or the built-in one (nullopt).
using EmbedderChoice = std::optional<HttpEmbedderOptions>;

// The options that every remote embedder of a store starts from. They have one short attempt, since
// the indexer tries again by itself, and since the end of a mount waits for an attempt.
HttpEmbedderOptions remote_embedder();

// The fingerprint of a remote embedder. It depends on the model and not on the address, so that a
// model which moves to another host remains the same embedder.
uint64_t http_fingerprint(std::string_view model, uint32_t dim);

PassageOptions http_passage_options(const HttpEmbedderOptions& options);

// Makes an embedder whose dimension is known; it sends no request yet. EINVAL for options, ENOENT
// where libcurl is not installed.
Result<std::unique_ptr<Embedder>> make_http_embedder(const HttpEmbedderOptions& options);

// Makes an embedder and asks its endpoint for one vector, to learn the dimension and whether it
// works at all. Redirects are not followed, so texts are sent to this endpoint only. The size of
// replies and the time of waits are bounded by limits::kHttpReplyBytesMax, timeout_ms and attempts.
// Errors as of make_http_embedder(), and EACCES where the endpoint refuses the key, EPROTO for
// wrong answers (a wrong dimension among them), EAGAIN where the endpoint cannot be reached.
Result<std::unique_ptr<Embedder>> connect_http_embedder(const HttpEmbedderOptions& options);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_HTTP_EMBEDDER_H_
