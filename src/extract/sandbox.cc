// The sandbox, in the order in which each step needs what the next one takes.
#include "extract/sandbox.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/fd.h"
#include "base/limits.h"
#include "extract/readable_files.h"
#include "extract/system_calls.h"

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

// Lets go of what the daemon's place and files are. Standard input, output and error stay.
Status forget_surroundings() {
  const Fd score(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (score.valid()) (void)!::write(score.get(), "1000", 4);
  if (::chdir("/") != 0) return errno_status("the working directory");
  if (::close_range(STDERR_FILENO + 1, ~0U, 0) != 0) return errno_status("descriptors");
  return {};
}

Status bound_resources() {
  // A core of one byte is none, and unlike zero this also holds where a program takes the cores
  // (core(5), "Piping core dumps to a program"): they would have the document in them.
  constexpr rlim_t kNoCore = 1;
  // The first of these seconds sends SIGXCPU, which says what happened, the second SIGKILL.
  const struct rlimit cpu = {limits::kExtractorCpuSeconds, limits::kExtractorCpuSeconds + 1};
  if (::setrlimit(RLIMIT_CPU, &cpu) != 0 || limit(RLIMIT_AS, limits::kExtractorMemoryBytes) != 0 ||
      limit(RLIMIT_FSIZE, 0) != 0 || limit(RLIMIT_CORE, kNoCore) != 0 ||
      limit(RLIMIT_NOFILE, kDescriptorsMax) != 0) {
    return errno_status("resource limits");
  }
  return {};
}

Status give_up_root() {
  if (::geteuid() != 0) return {};
  if (::setgroups(0, nullptr) != 0 || ::setresgid(kNobody, kNobody, kNobody) != 0 ||
      ::setresuid(kNobody, kNobody, kNobody) != 0) {
    return errno_status("giving up root");
  }
  return {};
}

// A change of credentials undoes the first, and under a lower limit of processes it would make
// execve(2) fail.
Status bind_to_daemon() {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return errno_status("the parent's end");
  // The daemon reads our output. If it has ended before it could be followed, nobody does.
  pollfd output = {STDOUT_FILENO, 0, 0};
  if (::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0) {
    return Status(EPIPE, "nobody reads the text");
  }
  if (limit(RLIMIT_NPROC, 0) != 0) return errno_status("the limit of processes");
  // Others of the same user may not look into the process, nor is a core made of it. This part
  // ends with execve(2).
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return errno_status("dumpable");
  return {};
}

}  // namespace

Status enter_sandbox(const char* program) {
  VEXFS_CHECK_OK(forget_surroundings());
  VEXFS_CHECK_OK(bound_resources());
  VEXFS_CHECK_OK(shrink_what_may_be_gained());
  VEXFS_CHECK_OK(give_up_root());
  // A change of the uid empties these sets only under the default securebits (capabilities(7)). The
  // daemon's request threads have SECBIT_NO_SETUID_FIXUP, and what they start inherits it.
  VEXFS_CHECK_OK(drop_capabilities());
  VEXFS_CHECK_OK(bind_to_daemon());
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno_status("no new privileges");
  VEXFS_CHECK_OK(bound_readable_files());
  return bound_system_calls(program);
}

}  // namespace vexfs::extract
