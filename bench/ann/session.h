// Session: a peer, its data set, and the commands that measure it (bench/ann/README.md).
#ifndef VEXFS_BENCH_ANN_SESSION_H_
#define VEXFS_BENCH_ANN_SESSION_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "matrix.h"
#include "measure.h"
#include "peer.h"
#include "truth.h"

namespace vexfs::bench {

struct SessionOptions {
  std::string base;
  std::string queries;
  std::string truth;
  uint32_t k = 10;
  int cpu = -1;  // The CPU on which searches run; -1: any.
  PeerSettings peer = {};
};

// A command's words: its name, then key=value. A number that is missing takes the default.
class Command {
 public:
  explicit Command(const std::string& line);
  const std::string& name() const { return name_; }
  std::string text(const std::string& key) const;
  double number(const std::string& key, double otherwise) const;

 private:
  std::string name_;
  std::vector<std::pair<std::string, std::string>> values_;
};

class Session {
 public:
  using Create = Peer* (*)(const PeerSettings& settings);
  static Result<Session> open(const SessionOptions& options, Create create);

  // Runs a command and answers with one line. False when the conversation is over.
  bool answer(const Command& command, std::FILE* answers);

 private:
  Session(const SessionOptions& options, Create create, Matrix base, Matrix queries, Truth truth);

  Status describe(JsonLine& line);
  Status build(const Command& command, JsonLine& line);
  Status search(const Command& command, JsonLine& line);
  Status filter(const Command& command, JsonLine& line);
  Status save(const Command& command, JsonLine& line);
  Status load(const Command& command, JsonLine& line);
  Status erase(const Command& command, JsonLine& line);
  Status insert(const Command& command, JsonLine& line);
  void add_memory(JsonLine& line) const;
  std::vector<bool> allowed_now() const;
  // The truth for the rows that can be found now; `queries` of it count.
  const Truth& truth_now(size_t queries);

  SessionOptions options_;
  Create create_;
  Matrix base_;
  Matrix queries_;
  Truth whole_truth_;  // The truth for all rows and all queries.
  std::unique_ptr<Peer> peer_;
  size_t rows_ = 0;                          // How many were built or loaded.
  std::vector<uint32_t> erased_;             // Rows that are not in the index now.
  std::optional<std::vector<bool>> filter_;  // Rows that may be found now.
  std::optional<Truth> partial_truth_;       // For the rows that can be found now, when not all.
  uint64_t anonymous_before_ = 0;
};

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_ANN_SESSION_H_
