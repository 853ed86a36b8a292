// The log ring: request threads copy records in under a leaf lock, the service thread drains.
#include "base/log.h"

#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/text_writer.h"

namespace vexfs {
namespace {

struct Record {
  const char* what;
  const char* failure;  // Status::what() of a failed Status; null without one.
  uint64_t detail;
  timespec when;
  int error;
  LogLevel level;
};
static_assert(sizeof(Record) == 48, "limits::kLogRecordsMax states the size");

struct Ring {
  Mutex mu;  // A leaf: nothing is locked or waited for while it is held.
  std::array<Record, limits::kLogRecordsMax> records GUARDED_BY(mu);
  size_t first GUARDED_BY(mu) = 0;  // The oldest record, when count > 0.
  size_t count GUARDED_BY(mu) = 0;
  uint64_t dropped GUARDED_BY(mu) = 0;  // Since drain_log last reported it.
};

constinit Ring g_ring{};
constinit std::atomic<LogLevel> g_level{LogLevel::kWarning};

void push(LogLevel level, const char* what, const Status& status, uint64_t detail) {
  if (level > g_level.load(std::memory_order_relaxed)) return;
  Record record{what, status.ok() ? nullptr : status.what(), detail, {}, status.error(), level};
  ::clock_gettime(CLOCK_REALTIME, &record.when);
  bool wake = false;
  {
    MutexLock lock(g_ring.mu);
    wake = g_ring.count == 0;
    if (g_ring.count == limits::kLogRecordsMax) {
      ++g_ring.dropped;
    } else {
      g_ring.records[(g_ring.first + g_ring.count) % limits::kLogRecordsMax] = record;
      ++g_ring.count;
    }
  }
  // One wake-up is enough until the ring has been emptied. Failing is harmless: the counter of an
  // eventfd can only be full when it is readable already.
  const uint64_t one = 1;
  if (wake) (void)!::write(log_event_fd(), &one, sizeof one);
}

// Whether stderr is the stream that the journal reads. JOURNAL_STREAM names that one as
// "device:inode" (systemd.exec(5)).
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat now;
  if (stream == nullptr || ::fstat(STDERR_FILENO, &now) != 0) return false;
  std::string expected;
  TextWriter(expected).number(now.st_dev).character(':').number(now.st_ino);
  return expected == stream;
}

struct LevelNames {
  std::string_view word;
  std::string_view journal;  // Priorities of syslog(3).
};
constexpr std::array<LevelNames, 4> kLevels{
    {{"error", "<3>"}, {"warning", "<4>"}, {"info", "<6>"}, {"debug", "<7>"}}};

// 2026-01-31T09:05:07.123Z. Not gmtime_r, which reads the time zone files.
void append_time(TextWriter& out, const timespec& when) {
  const std::chrono::sys_seconds seconds{std::chrono::seconds(when.tv_sec)};
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{seconds - day};
  out.padded(static_cast<uint64_t>(static_cast<int>(date.year())), 4).character('-');
  out.padded(static_cast<unsigned>(date.month()), 2).character('-');
  out.padded(static_cast<unsigned>(date.day()), 2).character('T');
  out.padded(static_cast<uint64_t>(time.hours().count()), 2).character(':');
  out.padded(static_cast<uint64_t>(time.minutes().count()), 2).character(':');
  out.padded(static_cast<uint64_t>(time.seconds().count()), 2).character('.');
  out.padded(static_cast<uint64_t>(when.tv_nsec) / 1'000'000, 3).character('Z');
}

void append_line(std::string& line, const Record& record, bool journal) {
  const LevelNames& level = kLevels[static_cast<size_t>(record.level)];
  TextWriter out(line);
  if (journal) {
    out.text(level.journal).text("vexfs: ");
  } else {
    append_time(out, record.when);
    out.text(" vexfs ").text(level.word).text(": ");
  }
  out.text(record.what);
  if (record.detail != 0) out.text(" [").number(record.detail).character(']');
  if (record.failure != nullptr) {
    // Neither allocates nor translates, unlike strerror.
    const char* name = ::strerrorname_np(record.error);
    const char* text = ::strerrordesc_np(record.error);
    out.text(": ").text(record.failure).text(": ");
    if (name != nullptr && text != nullptr) {
      out.text(name).text(" (").text(text).character(')');
    } else {
      out.text("error ").number(record.error);
    }
  }
  out.character('\n');
}

// Failures are ignored: a log that cannot be written has nowhere to report it.
void write_to_stderr(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

void set_log_level(LogLevel level) { g_level.store(level, std::memory_order_relaxed); }

void log(LogLevel level, StaticText what, uint64_t detail) {
  push(level, what.c_str(), Status(), detail);
}

void log(LogLevel level, StaticText what, Status status, uint64_t detail) {
  push(level, what.c_str(), status, detail);
}

void drain_log() {
  uint64_t wakeups = 0;
  (void)!::read(log_event_fd(), &wakeups, sizeof wakeups);  // EAGAIN: nobody had to wake us.
  const bool journal = stderr_is_journal();
  std::string line;
  // Writes as many records as the ring holds and returns, so that a flood of records cannot keep
  // the service thread here for ever.
  for (size_t budget = limits::kLogRecordsMax; budget > 0; --budget) {
    Record record;
    {
      MutexLock lock(g_ring.mu);
      if (g_ring.count == 0) break;
      record = g_ring.records[g_ring.first];
      g_ring.first = (g_ring.first + 1) % limits::kLogRecordsMax;
      --g_ring.count;
    }
    line.clear();
    append_line(line, record, journal);
    write_to_stderr(line);
  }

  Record lost{"messages dropped, the log was full", nullptr, 0, {}, 0, LogLevel::kWarning};
  bool more = false;
  {
    MutexLock lock(g_ring.mu);
    lost.detail = g_ring.dropped;
    g_ring.dropped = 0;
    more = g_ring.count != 0;
  }
  if (lost.detail != 0) {
    ::clock_gettime(CLOCK_REALTIME, &lost.when);
    line.clear();
    append_line(line, lost, journal);
    write_to_stderr(line);
  }
  const uint64_t one = 1;
  if (more) (void)!::write(log_event_fd(), &one, sizeof one);  // Come back for the rest.
}

int log_event_fd() {
  // -1 when there are no descriptors left; poll(2) skips that, and writes to it fail unseen.
  static const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd;
}

}  // namespace vexfs
