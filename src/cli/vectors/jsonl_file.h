// jsonl files: one object {"path":…,"vector":[…]} on each line.
#ifndef VEXFS_CLI_VECTORS_JSONL_FILE_H_
#define VEXFS_CLI_VECTORS_JSONL_FILE_H_

#include <memory>
#include <string>
#include <vector>

#include "cli/vectors/vector_reader.h"

namespace vexfs::cli {

// One line: `path` and `vector` are filled, other members skipped. False with a sentence for what
// is not such an object. Empty lines are the caller's.
bool parse_jsonl_line(std::string_view line, std::string& path, std::vector<float>& vector,
                      const char*& problem);

// A line with its newline, to `out`.
void append_jsonl_line(std::string_view path, std::span<const float> vector, std::string& out);

class JsonlReader : public VectorReader {
 public:
  static Result<std::unique_ptr<VectorReader>> open(Fd fd);

  Result<Next> next(VectorRow& row) override;
  const char* problem() const override { return problem_; }
  bool holds_paths() const override { return true; }
  uint32_t dim() const override { return 0; }
  std::optional<uint64_t> rows() const override { return std::nullopt; }
  const ByteStream& stream() const override { return stream_; }

 private:
  explicit JsonlReader(Fd fd) : stream_(std::move(fd)) {}

  ByteStream stream_;
  uint64_t line_ = 0;
  std::string path_;
  std::vector<float> vector_;
  const char* problem_ = "";
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_JSONL_FILE_H_
