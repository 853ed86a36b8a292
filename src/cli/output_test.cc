// Printing into pipes that are open or closed, and onto a disk that is full.
#include "cli/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/fd.h"
#include "cli/commands.h"

namespace vexfs::cli {
namespace {

// Replaces stdout while it lives.
class Redirected {
 public:
  explicit Redirected(int to) : saved_(::dup(STDOUT_FILENO)) {
    (void)std::fflush(stdout);  // The output of other tests goes to their own stdout.
    ::dup2(to, STDOUT_FILENO);
  }
  ~Redirected() { ::dup2(saved_.get(), STDOUT_FILENO); }

 private:
  Fd saved_;
};

TEST(OutputTest, PrintsAll) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd reading(ends[0]);
  {
    const Fd writing(ends[1]);
    const Redirected redirected(writing.get());
    EXPECT_EQ(print("some text\n", kExitNone), kExitNone);
  }
  char text[32];
  EXPECT_EQ(std::string(text, static_cast<size_t>(::read(reading.get(), text, sizeof(text)))),
            "some text\n");
}

TEST(OutputTest, AReaderThatLeftIsNoFailure) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  const Fd writing(ends[1]);
  int code = -1;
  {
    const Redirected redirected(writing.get());
    code = print("some text\n", kExitOk);
  }
  EXPECT_EQ(code, kExitOk);
  sigset_t waiting;
  ASSERT_EQ(::sigpending(&waiting), 0);
  EXPECT_FALSE(::sigismember(&waiting, SIGPIPE));
}

TEST(OutputTest, AFullDeviceIs) {
  const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (!full.valid()) GTEST_SKIP() << "no /dev/full";
  int code = -1;
  {
    const Redirected redirected(full.get());
    code = print("some text\n", kExitOk);
  }
  EXPECT_EQ(code, kExitError);
}

}  // namespace
}  // namespace vexfs::cli
