// Peer: an index under measurement. A peer's program is its adapter and `return serve(...)`.
#ifndef VEXFS_BENCH_ANN_PEER_H_
#define VEXFS_BENCH_ANN_PEER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/vector_space.h"
#include "matrix.h"

namespace vexfs::bench {

struct PeerSettings {
  Metric metric = Metric::kCosine;
  uint32_t m = 16;
  uint32_t ef_construction = 200;
  std::string variant;  // Its meaning is the adapter's, for example a kind of codes.
};

// A method that a peer does not offer returns ENOTSUP.
class Peer {
 public:
  virtual ~Peer() = default;

  virtual std::string name() const = 0;  // Its version included.
  // Indexes the first `rows` rows under their numbers.
  virtual Status build(const Matrix& base, size_t rows, unsigned threads) = 0;
  virtual Status set_ef(uint32_t ef) = 0;
  // Finds up to ids.size() nearest rows, and returns how many there are.
  virtual uint32_t search(const float* query, std::span<uint32_t> ids) = 0;

  virtual Status save(const std::string& path);
  // Loads a saved index into a peer that holds nothing. `base` has the rows that were built.
  virtual Status load(const std::string& path, const Matrix& base, size_t rows);
  virtual Status erase(std::span<const uint32_t> ids, unsigned threads);
  virtual Status insert(const Matrix& base, std::span<const uint32_t> ids, unsigned threads);
  // Searches find only rows whose bit is set; nullptr: all. The bits outlive the searches.
  virtual Status set_filter(const std::vector<bool>* allowed);
  // Its own figure of the memory it holds, without the exact vectors in `base`; 0: it has none.
  virtual uint64_t resident_bytes() const { return 0; }
  // The work of searches since the last call, as members of a JSON object; "" for none.
  virtual std::string take_work() { return ""; }
};

// Holds the conversation that bench/ann/README.md describes, on standard input and output.
int serve(int argc, char** argv, Peer* (*create)(const PeerSettings& settings));

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_ANN_PEER_H_
