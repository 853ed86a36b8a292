// The filter is a program of classic BPF over struct seccomp_data (linux/seccomp.h): one test for
// each system call, in the order of the lists, and each test ends in an answer or goes on.
#include "extract/system_calls.h"

#include <asm/unistd.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <vector>

#include "base/sanitizer.h"

namespace vexfs::extract {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "the sandbox needs the numbers of this architecture's system calls"
#endif
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the low half of an argument comes first");

// Whatever their arguments are. Only x86-64 has the calls by name that newer architectures have
// beneath a directory alone.
constexpr int kAllowed[] = {
    // Bytes of open files, which are the document, the output, and files opened for reading.
    __NR_read,
    __NR_readv,
    __NR_pread64,
    __NR_write,
    __NR_writev,
    __NR_lseek,
    __NR_close,
    __NR_getdents64,
    // What a file is.
    __NR_fstat,
    __NR_newfstatat,
    __NR_statx,
    __NR_statfs,
    __NR_fstatfs,
    __NR_faccessat,
    __NR_faccessat2,
    __NR_readlinkat,
    __NR_getcwd,
#ifdef __x86_64__
    __NR_stat,
    __NR_lstat,
    __NR_access,
    __NR_readlink,
#endif
    // Memory.
    __NR_mmap,
    __NR_munmap,
    __NR_mprotect,
    __NR_mremap,
    __NR_madvise,
    __NR_brk,
    __NR_futex,
    // Signals of its own, and the end.
    __NR_rt_sigaction,
    __NR_rt_sigprocmask,
    __NR_rt_sigreturn,
    __NR_sigaltstack,
    __NR_restart_syscall,
    __NR_exit,
    __NR_exit_group,
    // Clocks, random numbers, and what the process and the machine are.
    __NR_clock_gettime,
    __NR_clock_getres,
    __NR_gettimeofday,
#ifdef __x86_64__
    __NR_time,
#endif
    __NR_getrandom,
    __NR_getpid,
    __NR_gettid,
    __NR_getuid,
    __NR_geteuid,
    __NR_getgid,
    __NR_getegid,
    __NR_getrusage,
    __NR_sched_getaffinity,
    __NR_sched_yield,
    __NR_sysinfo,
    __NR_uname,
};

// What a program does besides, from execve(2) to its main().
constexpr int kAllowedAtStart[] = {
    __NR_set_tid_address,
    __NR_set_robust_list,
    __NR_rseq,
#ifdef __x86_64__
    __NR_arch_prctl,
#endif
};

// To open for anything but reading, or to make a file. O_TMPFILE has a bit besides O_DIRECTORY.
constexpr uint32_t kChangingFlags =
    O_ACCMODE | O_CREAT | O_TRUNC | (static_cast<uint32_t>(O_TMPFILE) & ~uint32_t{O_DIRECTORY});

constexpr uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;

class Filter {
 public:
  Filter() {
    load(offsetof(seccomp_data, arch));
    unless_equal(kArchitecture, 1);
    answer(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
#ifdef __x86_64__
    // The numbers of x32, which are the same architecture's to the audit.
    steps_.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
    answer(SECCOMP_RET_KILL_PROCESS);
#endif
  }

  void allow(int call) {
    if_equal(static_cast<uint32_t>(call), 1);
    answer(SECCOMP_RET_ALLOW);
  }

  void kill(int call) {
    if_equal(static_cast<uint32_t>(call), 1);
    answer(SECCOMP_RET_KILL_PROCESS);
  }

  // Only where the masked low half of the argument is one of the values.
  void allow_values(int call, size_t argument, uint32_t mask,
                    std::initializer_list<uint32_t> values) {
    if_equal(static_cast<uint32_t>(call), static_cast<uint8_t>(3 + 2 * values.size()));
    load(offsetof(seccomp_data, args) + argument * sizeof(uint64_t));
    steps_.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
    for (const uint32_t value : values) {
      if_equal(value, 1);
      answer(SECCOMP_RET_ALLOW);
    }
    answer(kRefuse);
  }

  // Only where all of the argument is the value.
  void allow_value(int call, size_t argument, uint64_t value, uint32_t otherwise) {
    const size_t low = offsetof(seccomp_data, args) + argument * sizeof(uint64_t);
    if_equal(static_cast<uint32_t>(call), 6);
    load(low);
    if_equal(static_cast<uint32_t>(value), 3);
    load(low + sizeof(uint32_t));
    if_equal(static_cast<uint32_t>(value >> 32), 1);
    answer(SECCOMP_RET_ALLOW);
    answer(otherwise);
  }

  Status install() {
    answer(kRefuse);
    const sock_fprog program = {static_cast<unsigned short>(steps_.size()), steps_.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) {
      return errno_status("the filter of system calls");
    }
    return {};
  }

 private:
  void load(size_t offset) {
    steps_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)));
  }
  // Skips so many steps unless the loaded word is the value, or if it is.
  void if_equal(uint32_t value, uint8_t skipped) {
    steps_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped));
  }
  void unless_equal(uint32_t value, uint8_t skipped) {
    steps_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, skipped, 0));
  }
  void answer(uint32_t action) { steps_.push_back(BPF_STMT(BPF_RET | BPF_K, action)); }

  std::vector<sock_filter> steps_;
};

}  // namespace

Status bound_system_calls(const char* program) {
  if constexpr (kSanitized) return {};
  Filter filter;
  for (const int call : kAllowed) filter.allow(call);
  filter.allow_values(__NR_openat, 2, kChangingFlags, {O_RDONLY});
#ifdef __x86_64__
  filter.allow_values(__NR_open, 1, kChangingFlags, {O_RDONLY});
#endif
  filter.allow_values(__NR_fcntl, 1, UINT32_MAX, {F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC});
  filter.allow_values(__NR_ioctl, 1, UINT32_MAX, {TCGETS});  // isatty(3)
  // Asks for a limit, and sets none.
  filter.allow_value(__NR_prlimit64, 2, 0, kRefuse);
  filter.kill(__NR_execveat);
  if (program == nullptr) {
    filter.kill(__NR_execve);
    return filter.install();
  }
  for (const int call : kAllowedAtStart) filter.allow(call);
  filter.allow_value(__NR_execve, 0, reinterpret_cast<uintptr_t>(program),
                     SECCOMP_RET_KILL_PROCESS);
  return filter.install();
}

Result<const char*> hide_path(const char* path) {
  const size_t bytes = std::strlen(path) + 1;
  // The kernel takes the address as a wish. Its own choice is random too, unless the daemon was
  // started without that.
  constexpr uintptr_t kAddressMask = (uintptr_t{1} << 46) - 4096;
  uintptr_t address = 0;
  if (::getrandom(&address, sizeof(address), 0) != sizeof(address)) {
    return errno_status("random numbers");
  }
  void* const page =
      // NOLINTNEXTLINE(performance-no-int-to-ptr): an address that nobody has had before.
      ::mmap(reinterpret_cast<void*>(address & kAddressMask), bytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return errno_status("memory for a path");
  std::memcpy(page, path, bytes);
  return static_cast<const char*>(page);
}

}  // namespace vexfs::extract
