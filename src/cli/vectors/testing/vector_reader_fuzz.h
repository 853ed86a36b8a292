// What a fuzz target of each reader of vectors demands: what is read is within bounds and ends.
#ifndef VEXFS_CLI_VECTORS_TESTING_VECTOR_READER_FUZZ_H_
#define VEXFS_CLI_VECTORS_TESTING_VECTOR_READER_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/limits.h"
#include "base/status.h"
#include "cli/vectors/testing/temporary_input.h"
#include "cli/vectors/vector_reader.h"

namespace vexfs::cli {

inline void require(bool holds) {
  if (!holds) std::abort();
}

// `Reader::open` takes a file of these bytes. Aborts where a demand is not met.
template <typename Reader>
void read_all_rows(const unsigned char* data, size_t bytes) {
  auto reader = Reader::open(file_of({reinterpret_cast<const char*>(data), bytes}));
  if (!reader.ok()) return;
  uint64_t rows = 0;
  VectorRow row;
  for (;;) {
    const Result<VectorReader::Next> next = reader.value()->next(row);
    if (!next.ok() || next.value() == VectorReader::Next::kEnd) break;
    ++rows;
    require(row.number >= rows && row.number <= bytes + 1);
    if (next.value() == VectorReader::Next::kBad) {
      require(*reader.value()->problem() != '\0');
      continue;
    }
    require(!row.vector.empty() && row.vector.size() <= limits::kDimMax);
    require(row.path.empty() != reader.value()->holds_paths());
    require(reader.value()->dim() == 0 || reader.value()->dim() == row.vector.size());
  }
  require(!reader.value()->rows().has_value() || *reader.value()->rows() >= rows);
}

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_TESTING_VECTOR_READER_FUZZ_H_
