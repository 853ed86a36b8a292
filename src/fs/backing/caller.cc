// setfsuid(2), setfsgid(2) and umask(2), only when they change something.
#include "fs/backing/caller.h"

#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace vexfs::fs {
namespace {

struct ThreadIdentity {
  bool switch_ids = false;
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t umask = 0;
};
thread_local ThreadIdentity identity;

}  // namespace

void prepare_caller_thread(bool switch_ids) {
  identity = {switch_ids, ::geteuid(), ::getegid(), 0};
  (void)::unshare(CLONE_FS);  // Needs no privilege; without it umask() below would be everyone's.
  (void)::umask(0);
}

void act_as(uid_t uid, gid_t gid, mode_t umask) {
  if (umask != identity.umask) {
    (void)::umask(umask);
    identity.umask = umask;
  }
  if (!identity.switch_ids) return;
  // The raw calls act on this thread; they report no failure, and with CAP_SETUID there is none.
  if (gid != identity.gid) {
    (void)::syscall(SYS_setfsgid, gid);
    identity.gid = gid;
  }
  if (uid != identity.uid) {
    (void)::syscall(SYS_setfsuid, uid);
    identity.uid = uid;
  }
}

}  // namespace vexfs::fs
