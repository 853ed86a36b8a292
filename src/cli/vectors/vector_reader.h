// VectorReader: a file of vectors as a stream of rows, whatever its format.
#ifndef VEXFS_CLI_VECTORS_VECTOR_READER_H_
#define VEXFS_CLI_VECTORS_VECTOR_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "cli/vectors/byte_stream.h"

namespace vexfs::cli {

struct VectorRow {
  uint64_t number = 0;            // In the file, from 1: its line or row.
  std::string_view path;          // Empty where the format holds none.
  std::span<const float> vector;  // 1..limits::kDimMax; any values, NaN too.
};

// Not thread-safe. Memory does not depend on the file's size.
class VectorReader {
 public:
  virtual ~VectorReader() = default;

  enum class Next {
    kRow,  // `row` is it; what it points at holds until the next call.
    kBad,  // A row that cannot be read: row.number says which, problem() why. Reading may go on.
    kEnd,
  };
  // A failure is the end of the file's use: nothing after it can be trusted.
  virtual Result<Next> next(VectorRow& row) = 0;
  virtual const char* problem() const { return ""; }

  virtual bool holds_paths() const = 0;
  virtual uint32_t dim() const = 0;                  // 0: each row has its own.
  virtual std::optional<uint64_t> rows() const = 0;  // Where the file says how many.

  // How much was read, for progress.
  virtual const ByteStream& stream() const = 0;
};

enum class VectorFormat { kNpy, kFvecs, kJsonl };
// By the name's suffix.
std::optional<VectorFormat> vector_format_of(std::string_view name);

// A reader of a file that was just opened. EINVAL and others with a sentence when its beginning is
// not of that format.
Result<std::unique_ptr<VectorReader>> open_vector_reader(VectorFormat format, Fd fd);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_VECTOR_READER_H_
