// Waiting for the store, and the sentences for what a mount will lack.
#include "fs/daemon/engine_start.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "fs/daemon/process_words.h"
#include "fs/daemon/service.h"
#include "fs/daemon/waiting.h"
#include "store/store_lock.h"

namespace vexfs::fs {
namespace {

// Between two tries for a store that another process has.
constexpr timespec kTryAgain = {0, 20'000'000};

// What stands in the source under the store's name; false for nothing.
bool look_at_store(const FileSystem& fs, struct stat& stat) {
  return ::fstatat(fs.backing.root().get(), ".vexfs", &stat, AT_SYMLINK_NOFOLLOW) == 0;
}

bool lies_in_a_vexfs(const FileSystem& fs) {
  return ::faccessat(fs.backing.root().get(), ".vexfs/status", F_OK, 0) == 0;
}

// Why this source cannot have a store; empty where it can, or has one.
std::string why_no_store(const FileSystem& fs, const MountOptions& options, bool read_only) {
  struct stat stat;
  const std::string store = options.source + "/.vexfs";
  if (lies_in_a_vexfs(fs)) {
    return options.source +
           " lies in a VexFS that is mounted already: search and set vectors there";
  }
  if (look_at_store(fs, stat)) {
    if (S_ISDIR(stat.st_mode)) return {};
    return store + " is not a directory: rename it, and mount again";
  }
  if (read_only) return options.source + " is read-only and has no store yet";
  if (::faccessat(fs.backing.root().get(), ".", W_OK | X_OK, AT_EACCESS) == 0) return {};
  return "the store " + store + " cannot be made: " + std::strerror(errno);
}

std::string why_not_open(const MountOptions& options, const Status& status) {
  std::string why = options.source + "/.vexfs: " + status.what() + ": ";
  why += std::strerror(status.error());
  if (status.error() == EUCLEAN || status.error() == EIO) {
    why += " (unmount, then `vexfs check " + options.source + "` says more)";
  }
  return why;
}

Refusal mounted_without(const std::string& why) {
  return {0, "mounted without vectors and search: " + why};
}

Status create_engine(FileSystem& fs, const engine::EngineOptions& how) {
  Result<std::unique_ptr<engine::Engine>> made = engine::Engine::create(*fs.tree, how);
  VEXFS_CHECK_OK(made.status());
  fs.engine = std::move(made).value();
  return fs.engine->opened();
}

}  // namespace

Refusal start_engine(FileSystem& fs, const MountOptions& options, bool sees_all_changes,
                     bool source_is_read_only) {
  engine::EngineOptions how;
  how.read_only = options.read_only || source_is_read_only;
  how.sees_all_changes = sees_all_changes;
  const std::string never = why_no_store(fs, options, how.read_only);
  Result<std::unique_ptr<MountTree>> tree = MountTree::create(fs.backing);
  fs.engine_status = tree.status();
  if (!tree.ok()) return mounted_without(why_not_open(options, tree.status()));
  fs.tree = std::move(tree).value();
  if (lies_in_a_vexfs(fs)) {
    fs.engine_status = Status(EBUSY, "the source lies in a VexFS that is mounted already");
    return mounted_without(never);
  }
  const sigset_t ending = Service::ending_signals();
  for (Waiting waiting(options.store_wait_seconds);;) {
    fs.engine_status = create_engine(fs, how);
    if (fs.engine_status.error() != EBUSY) break;
    const std::string holder =
        holder_in_words(store::store_lock_holder(fs.backing.root()).value_or(0), options.source);
    if (!waiting.goes_on(holder)) return {EBUSY, holder};
    if (::sigtimedwait(&ending, nullptr, &kTryAgain) > 0) return {EINTR, "waiting for the store"};
  }
  if (!fs.engine_status.ok()) return mounted_without(why_not_open(options, fs.engine_status));
  return never.empty() ? Refusal(0, {}) : mounted_without(never);
}

}  // namespace vexfs::fs
