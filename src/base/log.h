// Logging: quiet by default, never on the caller's time.
//
// A log call copies a fixed-size record into a bounded ring and returns (no formatting, no
// allocation, under 256 bytes of stack), so request threads may use it. The service thread calls
// drain_log(), which formats and writes: to stderr, with systemd's <N> priority prefixes where
// JOURNAL_STREAM says that the journal reads it, otherwise with a time stamp. A full ring counts
// what it drops and says so once there is room again.
#ifndef VEXFS_BASE_LOG_H_
#define VEXFS_BASE_LOG_H_

#include <cstdint>

#include "base/status.h"

namespace vexfs {

enum class LogLevel : uint8_t { kError, kWarning, kInfo, kDebug };

// Records above this level are not taken. Default: kWarning.
void set_log_level(LogLevel level);

// `what` is a literal; `detail` is printed when not 0 (an inode, a count, an operation);
// the error of a Status is printed as its name and text.
void log(LogLevel level, StaticText what, uint64_t detail = 0);
void log(LogLevel level, StaticText what, Status status, uint64_t detail = 0);

// Formats and writes all that waits. One thread at a time.
void drain_log();
// An eventfd that becomes readable when records wait; for the service thread's poll.
int log_event_fd();

}  // namespace vexfs

#endif  // VEXFS_BASE_LOG_H_
