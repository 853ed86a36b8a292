// From a file's name to its format, and from a format to its reader.
#include "cli/vectors/vector_reader.h"

#include "cli/vectors/fvecs_file.h"
#include "cli/vectors/jsonl_file.h"
#include "cli/vectors/npy_file.h"

namespace vexfs::cli {

std::optional<VectorFormat> vector_format_of(std::string_view name) {
  if (name.ends_with(".npy")) return VectorFormat::kNpy;
  if (name.ends_with(".fvecs")) return VectorFormat::kFvecs;
  if (name.ends_with(".jsonl") || name.ends_with(".ndjson")) return VectorFormat::kJsonl;
  return std::nullopt;
}

Result<std::unique_ptr<VectorReader>> open_vector_reader(VectorFormat format, Fd fd) {
  switch (format) {
    case VectorFormat::kNpy:
      return NpyReader::open(std::move(fd));
    case VectorFormat::kFvecs:
      return FvecsReader::open(std::move(fd));
    case VectorFormat::kJsonl:
      return JsonlReader::open(std::move(fd));
  }
  return Status(EINVAL, "no such format");
}

}  // namespace vexfs::cli
