// The sandbox: resource limits, credentials, capabilities, and no new privileges (prctl(2)).
#include "extract/sandbox.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/fd.h"
#include "base/limits.h"

namespace vexfs::extract {
namespace {

constexpr uid_t kNobody = 65534;
constexpr rlim_t kDescriptorsMax = 32;

int limit(__rlimit_resource resource, rlim_t most) {
  const struct rlimit both = {most, most};
  return ::setrlimit(resource, &both);
}

// The bounding and the ambient set, and securebits. Only who holds CAP_SETPCAP may shrink the
// bounding set and reset securebits; for others neither gives anything after the last two steps of
// enter_sandbox().
Status shrink_what_may_be_gained() {
  // PR_CAPBSET_READ fails past the last capability that the kernel knows.
  for (unsigned long capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
       ++capability) {
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EPERM) {
      return errno_status("the bounding set");
    }
  }
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) {
    return errno_status("the ambient set");
  }
  if (::prctl(PR_SET_SECUREBITS, SECUREBITS_DEFAULT, 0, 0, 0) != 0 && errno != EPERM) {
    return errno_status("securebits");
  }
  return {};
}

// The effective, permitted and inheritable sets.
Status drop_capabilities() {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  if (::syscall(SYS_capset, &header, none) != 0) return errno_status("giving up capabilities");
  return {};
}

}  // namespace

Status enter_sandbox() {
  const Fd score(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (score.valid()) (void)!::write(score.get(), "1000", 4);
  if (limit(RLIMIT_CPU, limits::kExtractorCpuSeconds) != 0 ||
      limit(RLIMIT_AS, limits::kExtractorMemoryBytes) != 0 || limit(RLIMIT_FSIZE, 0) != 0 ||
      limit(RLIMIT_CORE, 0) != 0 || limit(RLIMIT_NOFILE, kDescriptorsMax) != 0) {
    return errno_status("resource limits");
  }
  VEXFS_CHECK_OK(shrink_what_may_be_gained());
  if (::geteuid() == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
        ::setresuid(kNobody, kNobody, kNobody) != 0) {
      return errno_status("giving up root");
    }
  }
  // A change of the uid empties these sets only under the default securebits (capabilities(7)). The
  // daemon's request threads have SECBIT_NO_SETUID_FIXUP, and what they start inherits it.
  VEXFS_CHECK_OK(drop_capabilities());
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno_status("no new privileges");
  return {};
}

}  // namespace vexfs::extract
