// The order of start-up and shutdown.
#include "fs/daemon/mount.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "fs/backing/privileges.h"
#include "fs/daemon/daemon_end.h"
#include "fs/daemon/engine_start.h"
#include "fs/daemon/process_words.h"
#include "fs/daemon/remount.h"
#include "fs/daemon/say.h"
#include "fs/daemon/service.h"
#include "fs/daemon/source_users.h"
#include "fs/daemon/stale_mount.h"
#include "fs/requests/file_system.h"
#include "fs/requests/reader_pool.h"
#include "fs/requests/session.h"
#include "store/store_lock.h"

namespace vexfs::fs {
namespace {

// Seconds that the kernel may cache names and attributes. Where only the mount leads to a source,
// as it does where it covers it, what is cached stays true. Elsewhere others may change the source
// behind the mount.
constexpr double kCoveredTimeout = 86400.0;
constexpr double kSharedTimeout = 1.0;

constexpr long kCephMagic = 0x00c36400;
constexpr long kCifsMagic = 0xff534d42;
constexpr long kSmb2Magic = 0xfe534d42;

bool is_network(long filesystem_type) {
  return filesystem_type == NFS_SUPER_MAGIC || filesystem_type == kCephMagic ||
         filesystem_type == kCifsMagic || filesystem_type == kSmb2Magic;
}

Timeouts timeouts_for(const MountOptions& options, bool covered) {
  const double cached = covered ? kCoveredTimeout : kSharedTimeout;
  return {options.entry_timeout.value_or(cached), options.attribute_timeout.value_or(cached),
          options.negative_timeout.value_or(covered ? cached : 0.0)};
}

// Gives the mount the flags of the source's own filesystem. libfuse's default, nosuid and nodev,
// could differ from them. The user's options come later in the list and win. Without root
// fusermount3 insists on nosuid and nodev, so nothing is added then.
MountOptions with_flags_of_source(MountOptions options, long flags) {
  std::string kernel = (flags & ST_NOSUID) != 0 ? "nosuid" : "suid";
  kernel += (flags & ST_NODEV) != 0 ? ",nodev" : ",dev";
  if ((flags & ST_NOEXEC) != 0) kernel += ",noexec";
  if (::geteuid() != 0) kernel.clear();
  if (!kernel.empty() && !options.kernel.empty()) kernel += ",";
  options.kernel = kernel + options.kernel;
  return options;
}

// What the waiting parent gets: an errno, and a sentence that is cut where it has no room.
struct Verdict {
  int error = EIO;
  char message[1024] = "the daemon died at start-up";
};

// Reports to the waiting parent of a background mount whether it works. In the foreground there is
// no pipe, and nobody waits.
class Readiness {
 public:
  explicit Readiness(Fd pipe) : pipe_(std::move(pipe)) {}
  void report(const Refusal& refusal) {
    Verdict verdict;
    verdict.error = refusal.error;
    verdict.message[refusal.message.copy(verdict.message, sizeof(verdict.message) - 1)] = '\0';
    if (pipe_.valid()) (void)!::write(pipe_.get(), &verdict, sizeof(verdict));
    pipe_.reset();
  }

 private:
  Fd pipe_;
};

// Whether nothing but the mount will lead to the files. Says what else does, and what the mount
// keeps in use.
bool is_only_way(const MountOptions& options, const Fd& source, long filesystem_type) {
  // Another FUSE filesystem may change by itself, and its daemon has its files open.
  const bool on_fuse = filesystem_type == FUSE_SUPER_MAGIC;
  const bool covers = options.source == options.mountpoint;
  const std::vector<std::string> inner = filesystems_below(options.source);
  if (!inner.empty()) {
    say("other filesystems lie in " + options.source +
        ", and are busy while the mount uses them: " + first_of(inner) +
        (covers ? " (`vexfs unmount` of one lets go of it)" : ""));
  }
  // Whoever has the store is waited for.
  const pid_t holder = store::store_lock_holder(source).value_or(0);
  std::vector<std::string> programs;
  for (const pid_t pid : processes_in(options.mountpoint)) {
    const bool is_ours = pid == holder || (!options.foreground && pid == ::getppid());
    if (is_ours || (on_fuse && serves_a_mount(pid))) continue;
    programs.push_back(process_in_words(pid));
  }
  if (!programs.empty()) {
    say(first_of(programs) + " had files or the working directory in " + options.mountpoint +
        " before, and " +
        (covers ? "goes past the mount: what changes is seen within seconds, texts at `vexfs index`"
                : "does not see the mount there"));
  }
  const bool is_shared = on_fuse || is_network(filesystem_type) || !inner.empty();
  return covers && !is_shared && programs.empty();
}

void leave_terminal() {
  (void)::setsid();
  (void)!::chdir("/");
  const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (int fd = 0; fd <= 2; ++fd) (void)::dup2(null.get(), fd);
}

Refusal serve(const MountOptions& options, Readiness& readiness) {
  Fd root(::open(options.source.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.valid()) return errno_status("the source");
  struct statfs backing_info;
  if (::fstatfs(root.get(), &backing_info) != 0) return errno_status("the source");
  struct stat mountpoint;
  if (::stat(options.mountpoint.c_str(), &mountpoint) != 0) return errno_status("the mountpoint");
  if (!S_ISDIR(mountpoint.st_mode)) return {ENOTDIR, "the mountpoint"};

  Service::block_signals();
  const Privileges privileges = current_privileges();
  settle_privileges(privileges);
  const bool network = is_network(backing_info.f_type);
  auto fs = std::make_unique<FileSystem>(std::move(root), privileges.open_by_handle,
                                         options.passthrough, privileges.passthrough);
  const bool only_way = is_only_way(options, fs->backing.root(), backing_info.f_type);
  fs->timeouts = timeouts_for(options, only_way);
  fs->flush_on_close = network;
  if (options.remote_locks) {
    fs->locks = std::make_unique<RemoteLocks>();
    VEXFS_CHECK_OK(fs->locks->start());
  }
  VEXFS_CHECK_OK(fs->backing.start());
  const Refusal engine =
      start_engine(*fs, options, only_way, (backing_info.f_flags & ST_RDONLY) != 0);
  if (engine.error != 0) return engine;
  if (!engine.message.empty()) say(engine.message);

  Session session(*fs);
  VEXFS_CHECK_OK(session.open(with_flags_of_source(options, backing_info.f_flags),
                              options.allow_other.value_or(::geteuid() == 0)));
  if (!options.late_flags.empty() && ::geteuid() == 0) {
    VEXFS_CHECK_OK(change_flags_of_mount(options.mountpoint, options.late_flags));
  }
  ReaderPool readers(*fs, {options.threads, options.thread_stack_bytes, options.measure_stack_every,
                           options.quick_wakeups, privileges.switch_ids});
  Service service(*fs, readers, options);
  VEXFS_CHECK_OK(service.start());
  VEXFS_CHECK_OK(readers.start(service.activity_fd()));
  // The kernel sends INIT at once, and the mount can be used once it has been answered.
  while (!session.ready() && !readers.ended()) std::this_thread::yield();
  if (!session.ready()) return {EIO, "the session ended at once"};
  if (!options.foreground) leave_terminal();
  readiness.report(Status());
  service.run();
  drain_log();
  readers.stop();
  if (fs->locks != nullptr) fs->locks->stop();
  fs->surface.workers().stop();
  fs->surface.watches().stop();
  fs->engine.reset();  // Commits and closes the store.
  return Status();
}

}  // namespace

// tidy: allow realpath: runs once, before the session, on the command's own thread
std::string resolve_mount_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr), ::free);
  if (resolved != nullptr) return resolved.get();
  if (!tells_of_dead_daemon(errno)) return {};
  std::string trimmed = path;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  const size_t slash = trimmed.rfind('/');
  const std::string parent = slash == std::string::npos ? "." : trimmed.substr(0, slash + 1);
  const std::unique_ptr<char, void (*)(void*)> above(::realpath(parent.c_str(), nullptr), ::free);
  if (above == nullptr) return {};
  const std::string name = slash == std::string::npos ? trimmed : trimmed.substr(slash + 1);
  const std::string base = above.get();
  return base == "/" ? base + name : base + "/" + name;
}

Refusal mount_and_serve(MountOptions options) {
  // The mountpoint comes first, because a dead mount there may cover the source.
  options.mountpoint = resolve_mount_path(options.mountpoint);
  if (options.mountpoint.empty()) return errno_status("the mountpoint");
  VEXFS_CHECK_OK(clear_stale_mounts(options.mountpoint));
  options.source = resolve_mount_path(options.source);
  if (options.source.empty()) return errno_status("the source");
  if (options.foreground) {
    Readiness nobody{Fd()};
    return serve(options, nobody);
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno_status("pipe");
  Fd reading(ends[0]);
  Fd writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return errno_status("fork");
  if (child == 0) {
    reading.reset();
    Readiness readiness(std::move(writing));
    const Refusal refusal = serve(options, readiness);
    readiness.report(refusal);
    ::_exit(refusal.error == 0 ? 0 : 1);
  }
  writing.reset();
  Verdict verdict;
  (void)!::read(reading.get(), &verdict, sizeof(verdict));
  return {verdict.error, verdict.message};
}

}  // namespace vexfs::fs
