// Fuzz target: jsonl files. What is read is within bounds and ends.
#include <cstdlib>

#include "base/limits.h"
#include "cli/jsonl_file.h"
#include "cli/temporary_input.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  using cli::VectorReader;
  auto reader = cli::JsonlReader::open(cli::file_of({reinterpret_cast<const char*>(data), bytes}));
  if (!reader.ok()) return 0;
  uint64_t rows = 0;
  cli::VectorRow row;
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
  return 0;
}
