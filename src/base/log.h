// Logging: quiet by default, never on the caller's time.
//
// A log call copies a fixed-size record into a bounded ring and returns (no formatting, no
// allocation, under 256 bytes of stack), so request threads may use it. The service thread calls
// drain_log(), which formats and writes: to stderr, with systemd's <N> priority prefixes where
// JOURNAL_STREAM says that the journal reads it, otherwise with a time stamp. A full ring counts
// the records that it drops, and reports the count once there is room again.
//
// Why not a logging library: spdlog 1.10 formats on the caller's stack (2.2 KiB for one line, more
// than a third of a request's budget). A program that logs one line, Debian 12, eager binding:
//   shared libspdlog + libfmt   3.4 MB resident, starts in 2.0 ms
//   spdlog header-only          2.0 MB,                   0.85 ms, 1.4 MB of program
//   this                        1.9 MB,                   0.82 ms, 0.4 MB of program
#ifndef VEXFS_BASE_LOG_H_
#define VEXFS_BASE_LOG_H_

#include <cstdint>

#include "base/status.h"

namespace vexfs {

enum class LogLevel : uint8_t { kError, kWarning, kInfo, kDebug };

// Records above this level are ignored. The default is kWarning. Any thread.
void set_log_level(LogLevel level);

// Adds a record; any thread. `what` is a literal. `detail` (an inode, a count, an operation) is
// printed when it is not 0. The error of a Status is printed as its name and text.
void log(LogLevel level, StaticText what, uint64_t detail = 0);
void log(LogLevel level, StaticText what, Status status, uint64_t detail = 0);

// Formats and writes the records that wait. One thread at a time.
void drain_log();
// An eventfd that becomes readable when records wait; for the service thread's poll.
int log_event_fd();

}  // namespace vexfs

#endif  // VEXFS_BASE_LOG_H_
