// Interrupt: Ctrl-C of a long command as a question that it asks, so that it can end in order.
#ifndef VEXFS_CLI_INTERRUPT_H_
#define VEXFS_CLI_INTERRUPT_H_

#include <signal.h>

namespace vexfs::cli {

// While it lives, SIGINT and SIGTERM only set the mark; a second one ends the program as usual. One
// at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  static bool came();

 private:
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_INTERRUPT_H_
