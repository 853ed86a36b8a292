// Fuzz target: requests as bytes. The first byte says whether SETXATTR is extended; the rest is one
// request, of any length, to a filesystem over /proc/self/fdinfo.
#include <fcntl.h>

#include "base/testing/fuzz_require.h"
#include "fs/requests/raw_requests.h"
#include "fs/requests/testing/socket_session.h"

namespace vexfs::fs {
namespace {

// A mount without a kernel, for all inputs of a process.
struct Mount {
  explicit Mount(bool extends_setxattr)
      : fs(Fd(::open("/proc/self/fdinfo", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), false, false,
           false),
        session(fs) {
    require(fs.backing.start().ok());
    abi::InHeader header = {};
    abi::InitIn in = {};
    in.flags = extends_setxattr ? abi::kSetxattrExt : 0;
    fs.passthrough.init_request(header, in);
    abi::InitOut out = {};
    fs.passthrough.patch_init_reply(out);
  }
  // Does what the kernel would do with a reply: checks it, and closes what it opened.
  void take_reply(uint64_t unique) {
    const std::vector<char> reply = session.reply();
    abi::OutHeader header;
    require(reply.size() >= sizeof(header));
    std::memcpy(&header, reply.data(), sizeof(header));
    require(header.len == reply.size() && header.unique == unique);
    require(header.error <= 0 && (header.error == 0 || header.len == sizeof(header)));
    if (reply.size() != sizeof(header) + sizeof(abi::CreateOut)) return;
    abi::CreateOut out;
    std::memcpy(&out, reply.data() + sizeof(header), sizeof(out));
    fs.backing.open_files().close(reinterpret_cast<OpenFile*>(out.open.fh));
    fs.backing.forget(NodeId{out.entry.nodeid}, 1);
  }

  FileSystem fs;
  SocketSession session;
};

void run(Mount& mount, const std::vector<char>& before) {
  std::vector<char> request = before;
  size_t bytes = request.size();
  const bool done = preview_request(mount.fs, request.data(), bytes);
  require(bytes <= before.size());
  abi::InHeader header = {};
  if (before.size() >= sizeof(header)) std::memcpy(&header, before.data(), sizeof(header));
  if (done) {
    require(header.opcode == abi::kOpcodeStatx || header.opcode == abi::kOpcodeTmpfile);
    mount.take_reply(header.unique);
  } else if (bytes != before.size()) {
    require(header.opcode == FUSE_SETXATTR && mount.fs.passthrough.extends_setxattr());
    require(before.size() - bytes == sizeof(abi::SetxattrIn) - abi::kSetxattrInCompatBytes);
    uint32_t length = 0;
    std::memcpy(&length, request.data(), sizeof(length));
    require(length == bytes);
  } else {
    require(request == before);
  }
  require(mount.session.reply().empty());
  require(mount.fs.backing.open_files().size() == 0 && mount.fs.backing.nodes().size() == 0);
}

}  // namespace
}  // namespace vexfs::fs

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  static vexfs::fs::Mount plain(false);
  static vexfs::fs::Mount extended(true);
  if (bytes == 0) return 0;
  const auto* request = reinterpret_cast<const char*>(data + 1);
  vexfs::fs::run(data[0] % 2 == 0 ? plain : extended, {request, request + bytes - 1});
  return 0;
}
