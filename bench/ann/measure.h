// What a search pass, a step and the process cost.
#ifndef VEXFS_BENCH_ANN_MEASURE_H_
#define VEXFS_BENCH_ANN_MEASURE_H_

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "peer.h"

namespace vexfs::bench {

struct SearchPass {
  double seconds = 0;      // By the clock on the wall.
  double cpu_seconds = 0;  // Of this thread alone, which a busy machine does not stretch.
  double p50_us = 0;
  double p99_us = 0;
  std::vector<uint32_t> ids;  // k a query, kNoRow where fewer were found.
  uint32_t returned_min = 0;  // The fewest that a query found.
};

// Searches for each of the first `count` queries once, one after the other.
SearchPass search_all(Peer& peer, const Matrix& queries, size_t count, size_t k);

struct Cost {
  double seconds = 0;
  double cpu_seconds = 0;  // Of all threads of the process.
};
Cost cost_of(const std::function<void()>& step);

// Bytes of memory that the process holds and that no file backs, by /proc/self/status.
uint64_t anonymous_bytes();
// Their highest value since the last call of reset_peak(), file pages included.
uint64_t peak_resident_bytes();
void reset_peak();

// Keeps this thread on one CPU; -1: lets it run on all again.
void pin(int cpu);

// A JSON object on one line.
class JsonLine {
 public:
  JsonLine& add(const char* key, double value);
  JsonLine& add(const char* key, const std::string& value);
  JsonLine& add_members(const std::string& members);  // Ready-made; may be empty.
  void print(std::FILE* file);                        // At once.

 private:
  std::string text_ = "{";
};

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_ANN_MEASURE_H_
