// Progress: one line on a terminal that says how far a long command is.
#ifndef VEXFS_CLI_PRINTING_PROGRESS_H_
#define VEXFS_CLI_PRINTING_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace vexfs::cli {

struct ProgressState {
  uint64_t count = 0;    // Done, those of an earlier run included.
  double fraction = -1;  // Of the whole, 0..1; < 0: unknown.
  double seconds = 0;    // Since the start.
  const char* unit = "rows";
  // Figures that the caller knows better than by the whole run; < 0: it does not.
  double rate = -1;  // A second.
  double left = -1;  // Seconds.
};

// "  41 % ########            12,345 rows, 5,012/s, 3 s left", at most `columns` wide.
std::string progress_line(const ProgressState& state, unsigned columns);

// Writes to stderr, and only where that is a terminal.
class Progress {
 public:
  explicit Progress(bool quiet, const char* unit = "rows");
  ~Progress() { clear(); }
  // Cheap: draws at most some times a second. The others as in ProgressState.
  void update(uint64_t count, double fraction, double rate = -1, double left = -1);
  void clear();  // Takes the line away, for other output.

 private:
  using Clock = std::chrono::steady_clock;
  const bool shown_;
  const char* const unit_;
  const Clock::time_point start_;
  Clock::time_point drawn_;
  bool on_screen_ = false;
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_PRINTING_PROGRESS_H_
