// A bar of #, a rate over the whole run unless a better one is known, and the time left at that
// rate.
#include "cli/printing/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/printing/display.h"
#include "cli/printing/terminal.h"

namespace vexfs::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr unsigned kBarMax = 30;

std::string duration(double seconds) {
  const auto whole = static_cast<uint64_t>(std::ceil(std::min(seconds, 359999.0)));
  char text[32];
  if (whole < 60) {
    std::snprintf(text, sizeof(text), "%u s", static_cast<unsigned>(whole));
  } else if (whole < 3600) {
    std::snprintf(text, sizeof(text), "%u:%02u min", static_cast<unsigned>(whole / 60),
                  static_cast<unsigned>(whole % 60));
  } else {
    std::snprintf(text, sizeof(text), "%u:%02u h", static_cast<unsigned>(whole / 3600),
                  static_cast<unsigned>(whole / 60 % 60));
  }
  return text;
}

}  // namespace

std::string progress_line(const ProgressState& state, unsigned columns) {
  std::string figures = grouped(state.count) + " " + state.unit;
  if (state.seconds > 0.5) {
    const double rate =
        state.rate < 0 ? static_cast<double>(state.count) / state.seconds : state.rate;
    figures += ", " + grouped(static_cast<uint64_t>(rate)) + "/s";
    if (state.fraction > 0 && state.fraction < 1) {
      const double left =
          state.left < 0 ? state.seconds / state.fraction - state.seconds : state.left;
      figures += ", " + duration(left) + " left";
    }
  }
  if (state.fraction < 0) return figures.substr(0, columns);
  const double fraction = std::clamp(state.fraction, 0.0, 1.0);
  char percent[16];
  std::snprintf(percent, sizeof(percent), "%3d %% ", static_cast<int>(fraction * 100));
  std::string line = percent;
  const size_t room = columns - std::min<size_t>(columns, line.size() + figures.size() + 2);
  const size_t bar = std::min<size_t>(kBarMax, room);
  const auto filled = static_cast<size_t>(std::lround(fraction * static_cast<double>(bar)));
  line.append(filled, '#').append(bar - filled, ' ').append(bar == 0 ? 0 : 2, ' ');
  return (line + figures).substr(0, columns);
}

Progress::Progress(bool quiet, const char* unit)
    : shown_(!quiet && ::isatty(STDERR_FILENO) != 0),
      unit_(unit),
      start_(Clock::now()),
      drawn_(start_) {}

void Progress::update(uint64_t count, double fraction, double rate, double left) {
  if (!shown_) return;
  const Clock::time_point now = Clock::now();
  if (now - drawn_ < kRedraw) return;
  drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  // The line is one column shorter than the terminal: a full one would wrap on some.
  const std::string line = progress_line({count, fraction, seconds, unit_, rate, left},
                                         terminal_columns(STDERR_FILENO) - 1U);
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
  on_screen_ = true;
}

void Progress::clear() {
  if (!on_screen_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  on_screen_ = false;
}

}  // namespace vexfs::cli
