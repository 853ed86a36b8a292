// Measures with the clocks of wall and CPU and with /proc, and prints figures as JSON.
#include "measure.h"

#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "truth.h"

namespace vexfs::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// A figure of /proc/self/status in bytes; the file counts in KiB.
uint64_t status_bytes(const char* key) {
  std::FILE* file = std::fopen("/proc/self/status", "re");
  if (file == nullptr) return 0;
  std::array<char, 256> line;
  unsigned long long kib = 0;
  const size_t length = std::strlen(key);
  while (std::fgets(line.data(), line.size(), file) != nullptr) {
    if (std::strncmp(line.data(), key, length) == 0 && line[length] == ':')
      std::sscanf(&line[length + 1], "%llu", &kib);
  }
  std::fclose(file);
  return kib << 10;
}

double quantile(const std::vector<double>& sorted, double q) {
  const auto at = static_cast<size_t>(static_cast<double>(sorted.size()) * q);
  return sorted[std::min(at, sorted.size() - 1)];
}

}  // namespace

SearchPass search_all(Peer& peer, const Matrix& queries, size_t count, size_t k) {
  SearchPass pass;
  pass.ids.assign(count * k, kNoRow);
  pass.returned_min = static_cast<uint32_t>(k);
  std::vector<double> microseconds(count);
  const double cpu_begin = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  const double begin = seconds_of(CLOCK_MONOTONIC);
  double before = begin;
  for (size_t q = 0; q < count; ++q) {
    const uint32_t found = peer.search(queries.row(q), {&pass.ids[q * k], k});
    const double after = seconds_of(CLOCK_MONOTONIC);
    microseconds[q] = (after - before) * 1e6;
    before = after;
    pass.returned_min = std::min(pass.returned_min, found);
  }
  pass.seconds = before - begin;
  pass.cpu_seconds = seconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu_begin;
  std::sort(microseconds.begin(), microseconds.end());
  pass.p50_us = quantile(microseconds, 0.5);
  pass.p99_us = quantile(microseconds, 0.99);
  return pass;
}

Cost cost_of(const std::function<void()>& step) {
  const double cpu_begin = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  const double begin = seconds_of(CLOCK_MONOTONIC);
  step();
  return {.seconds = seconds_of(CLOCK_MONOTONIC) - begin,
          .cpu_seconds = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin};
}

uint64_t anonymous_bytes() {
  ::malloc_trim(0);  // Memory that a peer has freed does not count as its own.
  return status_bytes("RssAnon");
}

uint64_t peak_resident_bytes() { return status_bytes("VmHWM"); }

void reset_peak() {
  std::FILE* file = std::fopen("/proc/self/clear_refs", "we");
  if (file == nullptr) return;
  std::fputs("5", file);
  std::fclose(file);
}

void pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  const long cpus = ::sysconf(_SC_NPROCESSORS_CONF);
  for (int i = 0; i < cpus; ++i) {
    if (cpu < 0 || i == cpu) CPU_SET(i, &set);
  }
  ::sched_setaffinity(0, sizeof(set), &set);
}

JsonLine& JsonLine::add(const char* key, double value) {
  std::array<char, 64> number;
  std::snprintf(number.data(), number.size(), "%.7g", value);
  return add_members("\"" + std::string(key) + "\": " + number.data());
}

JsonLine& JsonLine::add(const char* key, const std::string& value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return add_members("\"" + std::string(key) + "\": \"" + escaped + "\"");
}

JsonLine& JsonLine::add_members(const std::string& members) {
  if (members.empty()) return *this;
  if (text_.size() > 1) text_ += ", ";
  text_ += members;
  return *this;
}

void JsonLine::print(std::FILE* file) {
  std::fprintf(file, "%s}\n", text_.c_str());
  std::fflush(file);
}

}  // namespace vexfs::bench
