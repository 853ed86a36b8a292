// Fuzz target: -o lists. Accepted values are within bounds, and a refused option is named.
#include <string>

#include "base/testing/fuzz_require.h"
#include "fs/mount_options.h"

namespace {

bool is_duration(const std::optional<double>& seconds) {
  return !seconds || (*seconds >= 0 && *seconds <= vexfs::limits::kOptionSecondsMax);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  const std::string_view list(reinterpret_cast<const char*>(data), bytes);
  fs::MountOptions options;
  std::string bad;
  const Status status = fs::parse_mount_options(list, options, bad);
  require(status.ok() == bad.empty());
  require(status.ok() || status.error() == E2BIG || list.find(bad) != std::string_view::npos);
  require(options.threads >= 1 && options.threads <= limits::kThreadsMax);
  require(options.thread_stack_bytes >= limits::kThreadStackBytesMin);
  require(is_duration(options.entry_timeout) && is_duration(options.attribute_timeout) &&
          is_duration(options.negative_timeout));
  // These become part of an option string of the kernel, so each must be one word.
  require(!options.subtype.empty() && options.subtype.find_first_of(",\\\n") == std::string::npos);
  require(options.fsname.find_first_of(",\\\n") == std::string::npos);
  require(options.kernel.find_first_not_of("abcdefghijklmnopqrstuvwxyz,") == std::string::npos);
  return 0;
}
