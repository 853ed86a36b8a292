// Resource limits, credentials, no new privileges.
#include "extract/sandbox.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

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

}  // namespace

Status enter_sandbox() {
  const Fd score(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (score.valid()) (void)!::write(score.get(), "1000", 4);
  if (limit(RLIMIT_CPU, limits::kExtractorCpuSeconds) != 0 ||
      limit(RLIMIT_AS, limits::kExtractorMemoryBytes) != 0 || limit(RLIMIT_FSIZE, 0) != 0 ||
      limit(RLIMIT_CORE, 0) != 0 || limit(RLIMIT_NOFILE, kDescriptorsMax) != 0) {
    return errno_status("resource limits");
  }
  if (::geteuid() == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
        ::setresuid(kNobody, kNobody, kNobody) != 0) {
      return errno_status("giving up root");
    }
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno_status("no new privileges");
  return {};
}

}  // namespace vexfs::extract
