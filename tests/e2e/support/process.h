// Child processes for tests: other callers, second writers, lock waiters.
#ifndef VEXFS_TESTS_E2E_SUPPORT_PROCESS_H_
#define VEXFS_TESTS_E2E_SUPPORT_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <vector>

#include "base/fd.h"

namespace vexfs::e2e {

// Bodies run in a forked child, so they must not use GoogleTest's assertions: they answer with a
// number, which is the child's exit status. By convention 0 is success and an errno is a failure.
using Body = std::function<int()>;

// What a body returns after a system call: 0 unless `result` is -1, otherwise errno.
int error_of(long long result);

// Who a child is. Groups are the supplementary ones; the primary group is not added to them.
struct Caller {
  uid_t uid;
  gid_t gid;
  std::vector<gid_t> groups;
};

// A running child. Its destruction kills and reaps it, so a failed test leaves nothing behind.
class Child {
 public:
  static constexpr int kSignalled = 256;  // wait() answers kSignalled + signal for a killed child.

  explicit Child(const Body& body);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  pid_t pid() const { return pid_; }
  void kill();                           // SIGKILL; wait() afterwards.
  int wait();                            // The exit status.
  bool exited_within(int milliseconds);  // Polls; true when the child has ended.
  // Polls until the child sleeps in the kernel (state S): it is blocked in what it called last.
  bool sleeps_within(int milliseconds);

 private:
  pid_t pid_;
  bool reaped_ = false;
  int status_ = 0;
};

int in_child(const Body& body);
// Switches groups, gid and uid (real, effective, saved) first; needs root. 255 when that fails.
int as_caller(const Caller& caller, const Body& body);

// One-shot signals between processes that share it across fork.
class Gate {
 public:
  Gate();
  void open();                          // Lets one wait() through.
  bool wait(int milliseconds = 20000);  // False when nobody opened it.

 private:
  Fd read_;
  Fd write_;
};

// Polls `condition` every few milliseconds for at most `milliseconds`. Returns its last answer.
bool eventually(const std::function<bool()>& condition, int milliseconds = 15000);

}  // namespace vexfs::e2e

#endif  // VEXFS_TESTS_E2E_SUPPORT_PROCESS_H_
