// EmbeddingServer: an HTTP endpoint on this machine whose answers a test chooses.
#ifndef VEXFS_TEXT_TESTING_EMBEDDING_SERVER_H_
#define VEXFS_TEXT_TESTING_EMBEDDING_SERVER_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "base/fd.h"

namespace vexfs::text {

// It serves one connection with one request at a time, on a thread of its own. An empty answer
// keeps the client waiting until it gives up.
class EmbeddingServer {
 public:
  using Answer = std::function<std::string(const std::string& request)>;
  explicit EmbeddingServer(Answer answer) : answer_(std::move(answer)) {
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
  ~EmbeddingServer() {
    ended_ = true;
    thread_.join();
  }
  EmbeddingServer(const EmbeddingServer&) = delete;
  EmbeddingServer& operator=(const EmbeddingServer&) = delete;

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

// A whole HTTP reply.
inline std::string http(int status, const std::string& body, const std::string& headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\nConnection: close\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Answers a vector of dimension 3 for each input of the request. It counts commas, so inputs must
// not have any.
inline std::string vectors_for(const std::string& request) {
  const size_t inputs_at = request.find("\"input\":[");
  if (inputs_at == std::string::npos) return http(400, "");  // The client was killed, perhaps.
  const auto inputs = static_cast<size_t>(
      std::count(request.begin() + static_cast<long>(inputs_at), request.end(), ',') + 1);
  std::string reply = "{\"data\":[";
  for (size_t i = 0; i < inputs; ++i) {
    reply += std::string(i == 0 ? "" : ",") + "{\"index\":" + std::to_string(i) +
             ",\"embedding\":[" + std::to_string(i + 1) + ",0,0]}";
  }
  return http(200, reply + "]}");
}

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_TESTING_EMBEDDING_SERVER_H_
