// The embedder talks to a server on this machine, whose answers each test chooses.
#include "text/http_embedder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <mutex>

#include "base/limits.h"
#include "base/testing/temporary_directory.h"
#include "text/testing/embedding_server.h"

namespace vexfs::text {
namespace {

HttpEmbedderOptions options_for(const EmbeddingServer& server) {
  HttpEmbedderOptions options;
  options.url = server.url();
  options.model = "test-model";
  options.timeout_ms = 2000;
  options.attempts = 2;
  return options;
}

TEST(HttpEmbedderTest, SpeaksTheProtocol) {
  std::mutex mutex;
  std::string last;
  EmbeddingServer server([&](const std::string& request) {
    const std::lock_guard lock(mutex);
    last = request;
    return vectors_for(request);
  });
  const auto embedder = connect_http_embedder(options_for(server));
  ASSERT_TRUE(embedder.ok()) << embedder.status().what();
  EXPECT_EQ(embedder.value()->dim(), 3U);
  const std::string_view texts[] = {"one", "two"};
  std::vector<float> vectors(6);
  ASSERT_TRUE(embedder.value()->embed(texts, vectors).ok());
  EXPECT_EQ(vectors, (std::vector<float>{1, 0, 0, 1, 0, 0}));
  const std::lock_guard lock(mutex);
  EXPECT_TRUE(last.starts_with("POST /v1/embeddings HTTP/1.1\r\n")) << last;
  EXPECT_EQ(last.find("Authorization"), std::string::npos);
  EXPECT_TRUE(
      last.ends_with(R"({"model":"test-model","encoding_format":"float","input":["one","two"]})"))
      << last;
}

TEST(HttpEmbedderTest, SendsTheKey) {
  std::atomic<bool> authorised = true;
  EmbeddingServer server([&](const std::string& request) {
    if (request.find("Authorization: Bearer secret-1\r\n") == std::string::npos) authorised = false;
    return vectors_for(request);
  });
  HttpEmbedderOptions options = options_for(server);
  options.key = "secret-1";
  EXPECT_TRUE(connect_http_embedder(options).ok());
  EXPECT_TRUE(authorised);
}

TEST(HttpEmbedderTest, TriesAgainAfterPassingTrouble) {
  std::atomic<int> asked = 0;
  EmbeddingServer server([&](const std::string& request) {
    return ++asked == 1 ? http(503, "busy") : vectors_for(request);
  });
  EXPECT_TRUE(connect_http_embedder(options_for(server)).ok());
  EXPECT_EQ(server.requests(), 2);
}

TEST(HttpEmbedderTest, GivesUpWithWhatItWas) {
  const auto error_of = [](int status, const std::string& body) {
    EmbeddingServer server([&](const std::string&) { return http(status, body); });
    return connect_http_embedder(options_for(server)).error();
  };
  EXPECT_EQ(error_of(429, ""), EAGAIN);
  EXPECT_EQ(error_of(500, ""), EAGAIN);
  EXPECT_EQ(error_of(401, ""), EACCES);
  EXPECT_EQ(error_of(404, ""), EPROTO);
  EXPECT_EQ(error_of(302, ""), EPROTO) << "redirects are not followed";
  EXPECT_EQ(error_of(200, "not JSON"), EPROTO);
  EXPECT_EQ(error_of(200, std::string(limits::kHttpReplyBytesMax + 1, ' ')), EPROTO);
}

TEST(HttpEmbedderTest, AServerThatStallsOrBreaksOffIsLeft) {
  {
    EmbeddingServer server([](const std::string&) { return std::string(); });
    HttpEmbedderOptions options = options_for(server);
    options.timeout_ms = 50;
    options.attempts = 1;
    EXPECT_EQ(connect_http_embedder(options).error(), EAGAIN);
  }
  EmbeddingServer server([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\":[");
  });
  EXPECT_EQ(connect_http_embedder(options_for(server)).error(), EAGAIN);
}

TEST(HttpEmbedderTest, AnotherDimensionIsRefused) {
  EmbeddingServer server(vectors_for);
  HttpEmbedderOptions options = options_for(server);
  options.dim = 4;
  EXPECT_EQ(connect_http_embedder(options).error(), EPROTO);
}

TEST(HttpEmbedderTest, ChecksItsOptions) {
  HttpEmbedderOptions options;
  options.url = "file:///etc/passwd";
  options.model = "m";
  EXPECT_EQ(connect_http_embedder(options).error(), EINVAL);
  options.url = "http://127.0.0.1:1";
  options.model = "";
  EXPECT_EQ(connect_http_embedder(options).error(), EINVAL);
  options.model = "m";
  options.attempts = 1;
  EXPECT_EQ(connect_http_embedder(options).error(), EAGAIN) << "nobody listens there";
}

}  // namespace
}  // namespace vexfs::text
