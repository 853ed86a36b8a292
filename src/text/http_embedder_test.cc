// Against a server of our own on this machine, which answers what a test tells it to.
#include "text/http_embedder.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <functional>
#include <mutex>
#include <thread>

#include "base/fd.h"
#include "base/limits.h"
#include "base/temporary_directory.h"

namespace vexfs::text {
namespace {

// One connection, one request, one answer at a time. An empty answer keeps the client waiting.
class Server {
 public:
  using Answer = std::function<std::string(const std::string& request)>;
  explicit Server(Answer answer) : answer_(std::move(answer)) {
    listening_ = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t bytes = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listening_.get(), generic, bytes), 0);
    EXPECT_EQ(::listen(listening_.get(), 8), 0);
    EXPECT_EQ(::getsockname(listening_.get(), generic, &bytes), 0);
    url_ = "http://127.0.0.1:" + std::to_string(::ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ended_ = true;
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const std::string& url() const { return url_; }
  int requests() const { return requests_; }

 private:
  void serve() {
    while (!ended_) {
      pollfd waiting = {listening_.get(), POLLIN, 0};
      if (::poll(&waiting, 1, 10) <= 0) continue;
      const Fd client(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client.valid()) continue;
      const std::string reply = answer_(read_request(client.get()));
      ++requests_;
      while (reply.empty() && !ended_ &&
             ::poll(&(waiting = {client.get(), POLLRDHUP, 0}), 1, 10) == 0) {
      }
      (void)!::send(client.get(), reply.data(), reply.size(), MSG_NOSIGNAL);
    }
  }

  static std::string read_request(int client) {
    std::string request;
    char buffer[4096];
    size_t wanted = std::string::npos;
    while (request.size() < wanted) {
      const ssize_t bytes = ::recv(client, buffer, sizeof(buffer), 0);
      if (bytes <= 0) break;
      request.append(buffer, static_cast<size_t>(bytes));
      const size_t body = request.find("\r\n\r\n");
      const size_t length = request.find("Content-Length: ");
      if (body != std::string::npos && length != std::string::npos) {
        wanted = body + 4 + std::stoul(request.substr(length + 16));
      }
    }
    return request;
  }

  Answer answer_;
  Fd listening_;
  std::string url_;
  std::atomic<bool> ended_ = false;
  std::atomic<int> requests_ = 0;
  std::thread thread_;
};

std::string http(int status, const std::string& body, const std::string& headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\nConnection: close\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// A vector of dimension 3 for each input.
std::string vectors_for(const std::string& request) {
  const std::string body = request.substr(request.find("\r\n\r\n"));
  const size_t inputs = static_cast<size_t>(
      std::count(body.begin() + static_cast<long>(body.find("\"input\":[")), body.end(), ',') + 1);
  std::string reply = "{\"data\":[";
  for (size_t i = 0; i < inputs; ++i) {
    reply += std::string(i == 0 ? "" : ",") + "{\"index\":" + std::to_string(i) +
             ",\"embedding\":[" + std::to_string(i + 1) + ",0,0]}";
  }
  return http(200, reply + "]}");
}

HttpEmbedderOptions options_for(const Server& server) {
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
  Server server([&](const std::string& request) {
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

TEST(HttpEmbedderTest, TheKeyComesFromAFile) {
  TemporaryDirectory directory;
  const std::string key_file = directory.path() + "/key";
  std::ofstream(key_file) << "secret-1\nrest\n";
  std::atomic<bool> authorised = true;
  Server server([&](const std::string& request) {
    if (request.find("Authorization: Bearer secret-1\r\n") == std::string::npos) authorised = false;
    return vectors_for(request);
  });
  HttpEmbedderOptions options = options_for(server);
  options.key_file = key_file;
  EXPECT_TRUE(connect_http_embedder(options).ok());
  EXPECT_TRUE(authorised);
  options.key_file = directory.path() + "/none";
  EXPECT_EQ(connect_http_embedder(options).error(), EACCES);
}

TEST(HttpEmbedderTest, TriesAgainAfterPassingTrouble) {
  std::atomic<int> asked = 0;
  Server server([&](const std::string& request) {
    return ++asked == 1 ? http(503, "busy") : vectors_for(request);
  });
  EXPECT_TRUE(connect_http_embedder(options_for(server)).ok());
  EXPECT_EQ(server.requests(), 2);
}

TEST(HttpEmbedderTest, GivesUpWithWhatItWas) {
  const auto error_of = [](int status, const std::string& body) {
    Server server([&](const std::string&) { return http(status, body); });
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
    Server server([](const std::string&) { return std::string(); });
    HttpEmbedderOptions options = options_for(server);
    options.timeout_ms = 50;
    options.attempts = 1;
    EXPECT_EQ(connect_http_embedder(options).error(), EAGAIN);
  }
  Server server([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\":[");
  });
  EXPECT_EQ(connect_http_embedder(options_for(server)).error(), EAGAIN);
}

TEST(HttpEmbedderTest, AnotherDimensionIsRefused) {
  Server server(vectors_for);
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
