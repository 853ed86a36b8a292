// SocketSession: for tests, a FUSE session whose kernel is the test itself.
#ifndef VEXFS_FS_REQUESTS_TESTING_SOCKET_SESSION_H_
#define VEXFS_FS_REQUESTS_TESTING_SOCKET_SESSION_H_

#include <sys/socket.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/fd.h"
#include "fs/requests/file_system.h"
#include "fs/requests/handlers.h"
#include "fs/requests/raw_requests.h"

namespace vexfs::fs {

// libfuse takes "/dev/fd/N" as the device of a session that is mounted already. Here N is one end
// of a pair of sockets, and the test reads replies from the other.
class SocketSession {
 public:
  explicit SocketSession(FileSystem& fs) : fs_(fs) {
    int ends[2] = {-1, -1};
    (void)::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
    kernel_ = Fd(ends[0]);
    char name[] = "test";
    char* arguments[] = {name, nullptr};
    fuse_args args = FUSE_ARGS_INIT(1, arguments);
    const fuse_lowlevel_ops operations = handler_operations(fs);
    fs.session = ::fuse_session_new(&args, &operations, sizeof(operations), &fs);
    ::fuse_opt_free_args(&args);
    const std::string mounted = "/dev/fd/" + std::to_string(ends[1]);
    (void)::fuse_session_mount(fs.session, mounted.c_str());
  }
  SocketSession(const SocketSession&) = delete;
  SocketSession& operator=(const SocketSession&) = delete;
  ~SocketSession() {
    ::fuse_session_destroy(fs_.session);  // Closes its end.
    fs_.session = nullptr;
  }

  // The next reply, empty when there is none.
  std::vector<char> reply() {
    std::vector<char> bytes(limits::kReportBytesMax);
    const ssize_t received = ::recv(kernel_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(received < 0 ? 0 : static_cast<size_t>(received));
    return bytes;
  }
  void hang_up() { kernel_.reset(); }

  // Sends INIT, which libfuse expects before all other requests. False when it is refused.
  bool start();
  // Passes one request on as a ReaderPool does. Returns the reply; empty when there is none.
  std::vector<char> ask(std::vector<char> request) {
    size_t bytes = request.size();
    if (!preview_request(fs_, request.data(), bytes)) {
      fuse_buf buffer = {};
      buffer.mem = request.data();
      buffer.size = bytes;
      ::fuse_session_process_buf(fs_.session, &buffer);
    }
    return reply();
  }

 private:
  FileSystem& fs_;
  Fd kernel_;
};

// A request as the kernel writes it: the header, the fixed argument, and what follows.
template <typename Argument>
std::vector<char> raw_request(uint32_t opcode, uint64_t node, const Argument& argument,
                              std::string_view tail = {}) {
  abi::InHeader header = {};
  header.len = static_cast<uint32_t>(sizeof(header) + sizeof(argument) + tail.size());
  header.opcode = opcode;
  header.unique = 7;
  header.nodeid = node;
  std::vector<char> bytes(header.len);
  std::memcpy(bytes.data(), &header, sizeof(header));
  std::memcpy(bytes.data() + sizeof(header), &argument, sizeof(argument));
  if (!tail.empty()) {
    std::memcpy(bytes.data() + sizeof(header) + sizeof(argument), tail.data(), tail.size());
  }
  return bytes;
}

// A request without a fixed argument: names follow the header at once.
inline std::vector<char> named_request(uint32_t opcode, uint64_t node, std::string_view tail) {
  struct Nothing {};
  std::vector<char> bytes = raw_request(opcode, node, Nothing{}, tail);
  bytes.erase(bytes.begin() + sizeof(abi::InHeader));  // An empty struct has one byte.
  const auto length = static_cast<uint32_t>(bytes.size());
  std::memcpy(bytes.data(), &length, sizeof(length));
  return bytes;
}

inline bool SocketSession::start() {
  fuse_init_in in = {};
  in.major = FUSE_KERNEL_VERSION;
  in.minor = FUSE_KERNEL_MINOR_VERSION;
  const std::vector<char> answer = ask(raw_request(abi::kOpcodeInit, 0, in));
  abi::OutHeader header = {};
  if (answer.size() < sizeof(header)) return false;
  std::memcpy(&header, answer.data(), sizeof(header));
  return header.error == 0;
}

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_TESTING_SOCKET_SESSION_H_
