// Report: one line for people or one JSON object.
#include "report.h"

#include <algorithm>
#include <cstdio>

namespace vexfs::bench {
namespace {

double microseconds_at(const std::vector<uint32_t>& sorted, double quantile) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<size_t>(quantile * last + 0.5)] / 1e3;
}

}  // namespace

void print_report(const Options& options, const Op& op, Measured measured) {
  const auto operations = static_cast<double>(measured.operations);
  const double rate = operations / measured.seconds;
  // With several clients, the mean is what one client waits for one operation.
  const double mean_us = measured.seconds * 1e6 * static_cast<double>(options.clients) / operations;
  std::sort(measured.nanoseconds.begin(), measured.nanoseconds.end());
  if (options.json) {
    std::printf(
        "{\"op\":\"%s\",\"clients\":%llu,\"operations\":%llu,\"seconds\":%.9f,\"per_second\":%.1f,"
        "\"mean_"
        "us\":%.3f",
        op.name, static_cast<unsigned long long>(options.clients),
        static_cast<unsigned long long>(measured.operations), measured.seconds, rate, mean_us);
    if (op.bytes != 0)
      std::printf(",\"bytes_per_second\":%.0f", rate * static_cast<double>(op.bytes));
  } else {
    std::printf("%s: mean %.2f us, %.0f/s", op.name, mean_us, rate);
    if (op.bytes != 0) std::printf(", %.1f MB/s", rate * static_cast<double>(op.bytes) / 1e6);
  }
  if (!measured.nanoseconds.empty()) {
    const auto& sorted = measured.nanoseconds;
    std::printf(
        options.json
            ? ",\"min_us\":%.3f,\"p50_us\":%.3f,\"p90_us\":%.3f,\"p99_us\":%.3f,\"max_us\":%.3f"
            : "; min %.2f, p50 %.2f, p90 %.2f, p99 %.2f, max %.2f us",
        microseconds_at(sorted, 0), microseconds_at(sorted, 0.5), microseconds_at(sorted, 0.9),
        microseconds_at(sorted, 0.99), microseconds_at(sorted, 1));
  }
  if (options.daemon != 0) {
    std::printf(options.json
                    ? ",\"daemon_cpu_us\":%.3f,\"daemon_switches\":%.3f,\"daemon_threads\":%llu"
                    : "; daemon %.2f us CPU and %.2f switches per operation, %llu threads",
                static_cast<double>(measured.cost.cpu_ns) / 1e3 / operations,
                static_cast<double>(measured.cost.switches) / operations,
                static_cast<unsigned long long>(measured.cost.threads));
  }
  std::puts(options.json ? "}" : "");
}

}  // namespace vexfs::bench
