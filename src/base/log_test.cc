// Tests of the log: levels, order, a full ring, and the forms for a terminal and the journal.
#include "base/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/fd.h"
#include "base/limits.h"

namespace vexfs {
namespace {

bool event_readable() {
  pollfd wait{.fd = log_event_fd(), .events = POLLIN, .revents = 0};
  return ::poll(&wait, 1, 0) == 1;
}

// Sends stderr to an unnamed file while it lives.
class CapturedStderr {
 public:
  CapturedStderr() : file_(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) {
    EXPECT_TRUE(file_.valid() && saved_.valid());
    EXPECT_EQ(::dup2(file_.get(), STDERR_FILENO), STDERR_FILENO);
  }
  ~CapturedStderr() { (void)::dup2(saved_.get(), STDERR_FILENO); }

  std::string text() const {
    std::string out(size_t{1} << 20, '\0');
    const ssize_t got = ::pread(file_.get(), out.data(), out.size(), 0);
    out.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return out;
  }
  struct stat stat() const {
    struct stat out {};
    EXPECT_EQ(::fstat(file_.get(), &out), 0);
    return out;
  }

 private:
  Fd saved_{::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)};
  Fd file_;
};

// `line` without its time stamp; "" when it does not start with one.
std::string_view without_time(std::string_view line) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd.dddZ ";
  if (line.size() < kShape.size()) return "";
  for (size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = line[i] >= '0' && line[i] <= '9';
    if (kShape[i] == 'd' ? !digit : line[i] != kShape[i]) return "";
  }
  return line.substr(kShape.size());
}

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    ::unsetenv("JOURNAL_STREAM");
    CapturedStderr drop;
    drain_log();
  }
  void TearDown() override {
    ::unsetenv("JOURNAL_STREAM");
    set_log_level(LogLevel::kWarning);
  }
};

TEST_F(LogTest, WritesNothingUntilDrainedThenOneLineEach) {
  CapturedStderr out;
  log(LogLevel::kWarning, "first");
  log(LogLevel::kError, "second", 42);
  EXPECT_EQ(out.text(), "");
  EXPECT_TRUE(event_readable());
  drain_log();
  EXPECT_FALSE(event_readable());
  const std::string written = out.text();
  const std::string_view text = written;
  const size_t second = text.find('\n') + 1;
  EXPECT_EQ(without_time(text.substr(0, second)), "vexfs warning: first\n");
  EXPECT_EQ(without_time(text.substr(second)), "vexfs error: second [42]\n");
}

TEST_F(LogTest, PrintsTheFailureByNameAndText) {
  CapturedStderr out;
  log(LogLevel::kError, "reading", Status(EIO, "pread"), 7);
  log(LogLevel::kError, "odd", Status(4000, "step"));
  log(LogLevel::kError, "fine", Status());
  drain_log();
  EXPECT_NE(out.text().find("reading [7]: pread: EIO (Input/output error)\n"), std::string::npos);
  EXPECT_NE(out.text().find("odd: step: error 4000\n"), std::string::npos);
  EXPECT_NE(out.text().find("fine\n"), std::string::npos);
}

TEST_F(LogTest, TakesOnlyWhatTheLevelAllows) {
  CapturedStderr out;
  log(LogLevel::kInfo, "quiet");
  EXPECT_FALSE(event_readable());
  set_log_level(LogLevel::kDebug);
  log(LogLevel::kDebug, "loud");
  set_log_level(LogLevel::kError);
  log(LogLevel::kWarning, "unwanted");
  drain_log();
  EXPECT_EQ(out.text().find("quiet"), std::string::npos);
  EXPECT_NE(out.text().find("vexfs debug: loud\n"), std::string::npos);
  EXPECT_EQ(out.text().find("unwanted"), std::string::npos);
}

TEST_F(LogTest, UsesPrioritiesWhereTheJournalReads) {
  CapturedStderr out;
  const struct stat now = out.stat();
  const std::string stream = std::to_string(now.st_dev) + ":" + std::to_string(now.st_ino);
  ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
  log(LogLevel::kError, "one");
  log(LogLevel::kWarning, "two");
  drain_log();
  EXPECT_EQ(out.text(), "<3>vexfs: one\n<4>vexfs: two\n");
}

TEST_F(LogTest, IgnoresAJournalThatReadsAnotherStream) {
  CapturedStderr out;
  ::setenv("JOURNAL_STREAM", "1:1", 1);
  log(LogLevel::kError, "one");
  drain_log();
  EXPECT_NE(out.text().find("Z vexfs error: one\n"), std::string::npos);
}

TEST_F(LogTest, AFullRingCountsWhatItDropsAndSaysSoOnce) {
  CapturedStderr out;
  for (size_t i = 0; i < limits::kLogRecordsMax + 5; ++i) log(LogLevel::kError, "record", i + 1);
  drain_log();
  const std::string first = out.text();
  EXPECT_NE(first.find("record [1]\n"), std::string::npos);
  EXPECT_NE(first.find("record [" + std::to_string(limits::kLogRecordsMax) + "]\n"),
            std::string::npos);
  EXPECT_EQ(first.find("record [" + std::to_string(limits::kLogRecordsMax + 1) + "]\n"),
            std::string::npos);
  EXPECT_NE(first.find("messages dropped, the log was full [5]\n"), std::string::npos);
  log(LogLevel::kError, "after");
  drain_log();
  const std::string second = out.text().substr(first.size());
  EXPECT_NE(second.find("after\n"), std::string::npos);
  EXPECT_EQ(second.find("dropped"), std::string::npos);
}

TEST_F(LogTest, LosesNothingBetweenThreadsAndOneDrainer) {
  constexpr int kThreads = 4;
  constexpr int kEach = 40;  // All of them fit the ring: nothing may be missing.
  static_assert(kThreads * kEach <= static_cast<int>(limits::kLogRecordsMax));
  CapturedStderr out;
  std::vector<std::thread> writers;
  for (int t = 0; t < kThreads; ++t) {
    writers.emplace_back([] {
      for (int i = 0; i < kEach; ++i) log(LogLevel::kError, "shared");
    });
  }
  drain_log();  // Beside the writers.
  for (std::thread& writer : writers) writer.join();
  drain_log();
  size_t lines = 0;
  const std::string text = out.text();
  for (size_t at = text.find("shared\n"); at != std::string::npos;
       at = text.find("shared\n", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, size_t{kThreads} * kEach);
  EXPECT_FALSE(event_readable());
}

}  // namespace
}  // namespace vexfs
