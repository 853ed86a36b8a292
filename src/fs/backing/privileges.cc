// capget(2), capset(2) and securebits, without libcap: three bits are all that is needed.
#include "fs/backing/privileges.h"

#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "base/limits.h"

namespace vexfs::fs {
namespace {

struct Capabilities {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};

  bool read() { return ::syscall(SYS_capget, &header, data) == 0; }
  bool write() { return ::syscall(SYS_capset, &header, data) == 0; }
  bool has(unsigned capability) const {
    return (data[capability / 32].effective >> (capability % 32) & 1U) != 0;
  }
  void drop(unsigned capability) {
    const uint32_t mask = ~(1U << (capability % 32));
    data[capability / 32].effective &= mask;
    data[capability / 32].permitted &= mask;
    data[capability / 32].inheritable &= mask;
  }
};

void raise_descriptor_limit(bool may_exceed) {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  // Two descriptors an open file at most, and room for caches and locks.
  const rlim_t wanted = 2 * limits::kOpenFilesMax;
  if (may_exceed && limit.rlim_max < wanted) {
    const rlimit higher = {wanted, wanted};
    if (::setrlimit(RLIMIT_NOFILE, &higher) == 0) return;
  }
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Privileges current_privileges() {
  Capabilities capabilities;
  if (!capabilities.read()) return {};
  Privileges privileges;
  privileges.open_by_handle = capabilities.has(CAP_DAC_READ_SEARCH);
  privileges.passthrough = capabilities.has(CAP_SYS_ADMIN);
  privileges.switch_ids = capabilities.has(CAP_SETUID) && capabilities.has(CAP_SETGID) &&
                          capabilities.has(CAP_SETPCAP) && capabilities.has(CAP_CHOWN);
  return privileges;
}

void settle_privileges(const Privileges& privileges) {
  Capabilities capabilities;
  const bool known = capabilities.read();
  raise_descriptor_limit(known && capabilities.has(CAP_SYS_RESOURCE));
  if (privileges.switch_ids) (void)::prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP);
  if (known && capabilities.has(CAP_SYS_RESOURCE)) {
    capabilities.drop(CAP_SYS_RESOURCE);
    (void)capabilities.write();
  }
}

}  // namespace vexfs::fs
