// HandlerTest: handlers over a directory of the test's own, asked by requests as the kernel writes
// them.
#ifndef VEXFS_FS_REQUESTS_TESTING_HANDLER_FIXTURE_H_
#define VEXFS_FS_REQUESTS_TESTING_HANDLER_FIXTURE_H_

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/testing/temporary_directory.h"
#include "fs/reply_buffer.h"
#include "fs/requests/testing/socket_session.h"
#include "fs/surface/surface_node.h"

namespace vexfs::fs {

// The mount has no engine, no passthrough and no handles; the callers are root.
class HandlerTest : public testing::Test {
 protected:
  static constexpr uint64_t kRoot = static_cast<uint64_t>(kRootNode);

  // What came back: the errno, and the bytes behind the header.
  struct Answer {
    int error = -1;
    std::string body;
  };

  HandlerTest()
      : fs_(Fd(::fcntl(directory_.fd().get(), F_DUPFD_CLOEXEC, 0)), false, false, false),
        session_(fs_) {}

  void SetUp() override {
    ASSERT_TRUE(allocate_reply_buffer().ok());
    ASSERT_TRUE(fs_.backing.start().ok());
    ASSERT_TRUE(session_.start());
  }
  void TearDown() override { free_reply_buffer(); }

  Answer ask(std::vector<char> request) {
    const std::vector<char> reply = session_.ask(std::move(request));
    abi::OutHeader header = {};
    if (reply.size() < sizeof(header)) return {};
    std::memcpy(&header, reply.data(), sizeof(header));
    EXPECT_EQ(header.len, reply.size());
    EXPECT_EQ(header.unique, 7U);
    EXPECT_TRUE(session_.reply().empty()) << "one reply for each request";
    return {-header.error, std::string(reply.begin() + sizeof(header), reply.end())};
  }
  // Asks what begins with a name, which gets its terminator here.
  Answer ask(uint32_t opcode, uint64_t node, std::string_view name) {
    return ask(named_request(opcode, node, std::string(name) + '\0'));
  }
  // The same with a fixed argument in front.
  template <typename Argument>
  Answer ask(uint32_t opcode, uint64_t node, const Argument& argument, std::string_view name) {
    return ask(raw_request(opcode, node, argument, std::string(name) + '\0'));
  }

  // The entry that a lookup, mkdir or the like was answered with.
  static fuse_entry_out entry_of(const Answer& answer) {
    fuse_entry_out entry = {};
    EXPECT_EQ(answer.body.size(), sizeof(entry));
    if (answer.body.size() == sizeof(entry)) {
      std::memcpy(&entry, answer.body.data(), sizeof(entry));
    }
    return entry;
  }
  // The node of a name in the root; 0 when it is not found.
  uint64_t look_up(std::string_view name) {
    const Answer answer = ask(FUSE_LOOKUP, kRoot, name);
    return answer.error == 0 ? entry_of(answer).nodeid : 0;
  }
  // `.vexfs` of the root, or a file of it.
  static uint64_t surface(SurfaceFile file) {
    return static_cast<uint64_t>(surface_node(kRootNode, file));
  }

  const TemporaryDirectory directory_;
  FileSystem fs_;
  SocketSession session_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_TESTING_HANDLER_FIXTURE_H_
