// A flag that the handler sets. SA_RESETHAND restores the default action, so a second signal ends
// the program even if it does not look at the flag.
#include "cli/interrupt.h"

namespace vexfs::cli {
namespace {

volatile sig_atomic_t came_ = 0;

extern "C" void on_interrupt(int) { came_ = 1; }

}  // namespace

Interrupt::Interrupt() {
  came_ = 0;
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  (void)::sigaction(SIGINT, &action, &old_int_);
  (void)::sigaction(SIGTERM, &action, &old_term_);
}

Interrupt::~Interrupt() {
  (void)::sigaction(SIGINT, &old_int_, nullptr);
  (void)::sigaction(SIGTERM, &old_term_, nullptr);
  came_ = 0;
}

bool Interrupt::came() { return came_ != 0; }

}  // namespace vexfs::cli
