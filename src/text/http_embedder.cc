// Each call of embed() has a libcurl handle of its own, so threads share nothing but the options.
#include "text/http_embedder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>
#include <vector>

#include "base/backoff.h"
#include "base/limits.h"
#include "text/curl_library.h"
#include "text/embedding_reply.h"

namespace vexfs::text {
namespace {

// Waits between the attempts of one request double from the first to the longest.
constexpr std::chrono::milliseconds kFirstWait{250};
constexpr std::chrono::milliseconds kLongestWait{8000};

// Deletes through the functions of the library that was loaded.
struct CurlDeleter {
  const CurlLibrary* library;
  void operator()(CURL* handle) const { library->easy_cleanup(handle); }
  void operator()(curl_slist* list) const { library->slist_free_all(list); }
};

struct Reply {
  long status = 0;
  curl_off_t retry_after_s = 0;
  bool too_long = false;
  std::string body;
};

// libcurl's write callback; `context` is the Reply. An answer of less than `count` ends the
// transfer.
size_t collect(char* bytes, size_t, size_t count, void* context) {
  auto& reply = *static_cast<Reply*>(context);
  if (reply.body.size() + count > limits::kHttpReplyBytesMax) {
    reply.too_long = true;
    return 0;
  }
  reply.body.append(bytes, count);
  return count;
}

class HttpEmbedder final : public Embedder {
 public:
  HttpEmbedder(const CurlLibrary& curl, const HttpEmbedderOptions& options)
      : curl_(curl), options_(options), endpoint_(options.url) {
    while (endpoint_.ends_with('/')) endpoint_.pop_back();
    if (!endpoint_.ends_with("/v1")) endpoint_ += "/v1";
    endpoint_ += "/embeddings";
  }

  // Sends a first request, and learns the dimension from its reply.
  Status greet() {
    const std::string_view hello = "hello";
    VEXFS_TRY(reply, ask(std::span(&hello, 1)));
    VEXFS_TRY(dim, embedding_reply_dim(reply));
    if (options_.dim != 0 && options_.dim != dim) {
      return Status(EPROTO, "embedder: the endpoint's vectors are of another dimension");
    }
    options_.dim = dim;
    return {};
  }

  std::string name() const override { return options_.model + " at " + options_.url; }
  uint32_t dim() const override { return options_.dim; }
  uint64_t fingerprint() const override { return http_fingerprint(options_.model, options_.dim); }
  PassageOptions passage_options() const override { return http_passage_options(options_); }
  size_t batch_max() const override { return options_.batch; }

  Status embed(std::span<const std::string_view> texts, std::span<float> vectors) const override {
    if (texts.empty()) return {};
    if (texts.size() > batch_max() || vectors.size() != texts.size() * dim()) {
      return Status(EINVAL, "embedder: batch");
    }
    VEXFS_TRY(reply, ask(texts));
    return read_embedding_reply(reply, texts.size(), dim(), vectors);
  }

 private:
  // Answers the body of a successful reply. It tries again, up to options_.attempts times, while
  // the trouble is one that may pass: no connection, 429 (too many requests), or an error of the
  // server.
  Result<std::string> ask(std::span<const std::string_view> texts) const {
    const std::string request = embedding_request(options_.model, texts);
    Backoff backoff(kFirstWait, kLongestWait);
    for (unsigned attempt = 1;; ++attempt) {
      Reply reply;
      const bool arrived = post(request, reply);
      if (reply.too_long) return Status(EPROTO, "embedder: the reply is too long");
      if (arrived && reply.status == 200) return std::move(reply.body);
      const bool passing = !arrived || reply.status == 429 || reply.status >= 500;
      if (!passing) return refusal(reply.status);
      if (attempt >= options_.attempts) return Status(EAGAIN, "embedder: cannot be reached");
      const std::chrono::milliseconds asked{reply.retry_after_s * 1000};
      std::this_thread::sleep_for(std::min(std::max(backoff.next(), asked), kLongestWait));
    }
  }

  static Status refusal(long status) {
    if (status == 401 || status == 403) return Status(EACCES, "embedder: the key is refused");
    return Status(EPROTO, "embedder: the endpoint refuses the request");
  }

  // One attempt. False where no whole reply arrived.
  bool post(const std::string& request, Reply& reply) const {
    const std::unique_ptr<CURL, CurlDeleter> curl(curl_.easy_init(), {&curl_});
    curl_slist* list = curl_.slist_append(nullptr, "Content-Type: application/json");
    if (!options_.key.empty()) {
      list = curl_.slist_append(list, ("Authorization: Bearer " + options_.key).c_str());
    }
    const std::unique_ptr<curl_slist, CurlDeleter> headers(list, {&curl_});
    CURL* handle = curl.get();
    curl_.easy_setopt(handle, CURLOPT_URL, endpoint_.c_str());
    curl_.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_.easy_setopt(handle, CURLOPT_POSTFIELDS, request.data());
    curl_.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.size()));
    curl_.easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_.easy_setopt(handle, CURLOPT_TIMEOUT_MS, options_.timeout_ms);
    curl_.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_.easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_.easy_setopt(handle, CURLOPT_WRITEDATA, &reply);
    if (curl_.easy_perform(handle) != CURLE_OK) return false;
    curl_.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply.status);
    curl_.easy_getinfo(handle, CURLINFO_RETRY_AFTER, &reply.retry_after_s);
    return true;
  }

  const CurlLibrary& curl_;
  HttpEmbedderOptions options_;
  std::string endpoint_;
};

bool is_sound(const HttpEmbedderOptions& options) {
  const bool web = options.url.starts_with("http://") || options.url.starts_with("https://");
  return web && !options.model.empty() && options.dim <= limits::kDimMax && options.batch > 0 &&
         options.batch <= limits::kEmbedBatchMax && options.attempts > 0 &&
         options.timeout_ms > 0 && options.passage_bytes >= 64;
}

Result<std::unique_ptr<HttpEmbedder>> make(const HttpEmbedderOptions& options) {
  if (!is_sound(options)) return Status(EINVAL, "embedder: options");
  const CurlLibrary* const curl = CurlLibrary::load();
  if (curl == nullptr) return Status(ENOENT, "embedder: libcurl is not installed");
  return std::make_unique<HttpEmbedder>(*curl, options);
}

}  // namespace

PassageOptions http_passage_options(const HttpEmbedderOptions& options) {
  return {options.passage_bytes, options.passage_bytes / 6};
}

HttpEmbedderOptions remote_embedder() {
  HttpEmbedderOptions options;
  options.attempts = 1;
  options.timeout_ms = 10'000;
  return options;
}

// FNV-1a, 64 bits.
uint64_t http_fingerprint(std::string_view model, uint32_t dim) {
  uint64_t hash = 14695981039346656037U;
  for (const std::string_view part : {model, std::string_view("\n")}) {
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return (hash ^ dim) * 1099511628211U;
}

Result<std::unique_ptr<Embedder>> make_http_embedder(const HttpEmbedderOptions& options) {
  if (options.dim == 0) return Status(EINVAL, "embedder: no dimension");
  VEXFS_TRY(embedder, make(options));
  return std::unique_ptr<Embedder>(std::move(embedder));
}

Result<std::unique_ptr<Embedder>> connect_http_embedder(const HttpEmbedderOptions& options) {
  VEXFS_TRY(embedder, make(options));
  VEXFS_CHECK_OK(embedder->greet());
  return std::unique_ptr<Embedder>(std::move(embedder));
}

}  // namespace vexfs::text
