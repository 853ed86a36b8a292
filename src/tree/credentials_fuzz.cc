// Fuzz target: access control lists. Whatever the bytes are, root gets everything, a right is never
// granted where a part of it is refused, and a list of a broken length permits nothing.
#include <unistd.h>

#include <cstring>

#include "base/testing/fuzz_require.h"
#include "tree/credentials.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  using namespace vexfs::tree;
  const std::span<const std::byte> acl(reinterpret_cast<const std::byte*>(data), bytes);
  struct stat attributes = {};
  attributes.st_mode = S_IFREG | 0777;
  attributes.st_uid = 1;
  attributes.st_gid = 2;
  const gid_t groups[] = {3, 4};
  require(permits(Credentials{.uid = 0, .gid = 0, .groups = {}}, attributes, acl, 7));
  for (const uid_t uid : {1U, 5U, 6U}) {
    const Credentials caller{.uid = uid, .gid = 7, .groups = groups};
    for (int wanted = 0; wanted < 8; ++wanted) {
      const bool all = permits(caller, attributes, acl, wanted);
      for (int less = 0; less < 8; ++less) {
        if (all && (less & ~wanted) == 0) require(permits(caller, attributes, acl, less));
      }
      if (!acl.empty() && (bytes - 4) % 8 != 0) require(!all);
    }
  }
  return 0;
}
