// The lock lasts as long as the descriptor is open, so a process that was killed leaves none. The
// file holds the number of its process as text, which is advice for people: it is read only where
// the lock itself says that it is taken.
#include "store/store_lock.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/parse.h"

namespace vexfs::store {
namespace {

constexpr const char* kLock = "lock";
constexpr const char* kLockOfSource = ".vexfs/lock";

// A full disk may leave the file empty; the lock holds all the same.
void write_holder(const Fd& lock) {
  const std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.get(), 0) == 0) (void)!::pwrite(lock.get(), text.data(), text.size(), 0);
}

pid_t read_holder(const Fd& lock) {
  char text[16];
  const ssize_t bytes = ::pread(lock.get(), text, sizeof(text), 0);
  if (bytes < 2 || text[bytes - 1] != '\n') return 0;
  const auto pid = parse_u64({text, static_cast<size_t>(bytes - 1)}, 1, INT32_MAX);
  if (!pid.ok()) return 0;
  const auto number = static_cast<pid_t>(pid.value());
  return ::kill(number, 0) == 0 || errno == EPERM ? number : 0;
}

}  // namespace

Result<Fd> take_store_lock(const Fd& directory) {
  Fd lock(::openat(directory.get(), kLock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock.valid()) return errno_status("the lock of the store cannot be opened");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Status(EBUSY, "another process has the store");
    return errno_status("the store cannot be locked");
  }
  write_holder(lock);
  return lock;
}

std::optional<pid_t> store_lock_holder(const Fd& source) {
  const Fd lock(::openat(source.get(), kLockOfSource, O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!lock.valid() || ::flock(lock.get(), LOCK_SH | LOCK_NB) == 0) return std::nullopt;
  if (errno != EWOULDBLOCK) return std::nullopt;
  return read_holder(lock);
}

}  // namespace vexfs::store
