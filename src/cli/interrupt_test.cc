// Signals set the mark while an Interrupt lives, and only the first one is held off.
#include "cli/interrupt.h"

#include <gtest/gtest.h>

namespace vexfs::cli {
namespace {

TEST(InterruptTest, TheFirstSignalSetsTheMark) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const Interrupt interrupt;
    EXPECT_FALSE(Interrupt::came());
    ASSERT_EQ(::raise(signal), 0);
    EXPECT_TRUE(Interrupt::came());
  }
  EXPECT_FALSE(Interrupt::came()) << "the next command was not interrupted";
  struct sigaction now;
  ASSERT_EQ(::sigaction(SIGINT, nullptr, &now), 0);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
}

TEST(InterruptTest, TheSecondEndsTheProgram) {
  EXPECT_EXIT(
      {
        const Interrupt interrupt;
        (void)::raise(SIGINT);
        (void)::raise(SIGINT);
      },
      testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace vexfs::cli
