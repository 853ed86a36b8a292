// Many processes at work on one tree, each a worker with its own random numbers.
//
// Workers are bounded by a number of operations, never by time, and know of each error whether
// POSIX allows it for the race at hand; any other is a failure. What the tests check afterwards
// does not depend on who won.
//
//   VEXFS_RACE_OPERATIONS  operations of each process (2000)
//   VEXFS_RACE_PROCESSES   processes (6)
//   VEXFS_RACE_SEED        first random seed (1)
#ifndef VEXFS_TESTS_E2E_RACE_RACE_H_
#define VEXFS_TESTS_E2E_RACE_RACE_H_

#include <functional>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/support/posix_test.h"

namespace vexfs::e2e {

// One process of a race. A body must not use GoogleTest's assertions: it returns `fine()` or
// `wrong()`, which says on standard error what was wrong.
class Worker {
 public:
  Worker(int index, unsigned seed) : index_(index), random_(seed) {}

  int index() const { return index_; }
  int below(int bound);  // A random number in [0, bound).

  // Whether the call succeeded or failed as the race allows. Uses errno, so ask it at once.
  bool allowed(long long result, std::initializer_list<int> errors) const;
  // Prints what went wrong, with errno. Returns 1.
  int wrong(const std::string& what) const;
  static int fine() { return 0; }

 private:
  int index_;
  std::mt19937 random_;
};

class RaceTest : public PosixTest {
 protected:
  using Body = std::function<int(Worker&)>;

  static int operations();
  static int processes();

  // Runs every body in a process of its own, all at once, and expects each to end well.
  static void race(const std::vector<Body>& bodies);
  // Runs the same body in each of processes().
  static void race(const Body& body) {
    race(std::vector<Body>(static_cast<size_t>(processes()), body));
  }

  // Expects the test's directory to hold the same on both sides of the mount, byte for byte. Does
  // nothing without VEXFS_BACKING_DIR.
  void expect_same_behind() const;
};

}  // namespace vexfs::e2e

#endif  // VEXFS_TESTS_E2E_RACE_RACE_H_
