// Writes rows in each of the formats.
#include "cli/vectors/vector_writer.h"

#include "cli/vectors/jsonl_file.h"

namespace vexfs::cli {
namespace {

std::string_view bytes_of(std::span<const float> vector) {
  return {reinterpret_cast<const char*>(vector.data()), vector.size_bytes()};
}

}  // namespace

VectorWriter::VectorWriter(VectorFormat format, OutputFile file, uint32_t dim)
    : format_(format), file_(std::move(file)) {
  shape_.dim = dim;
}

Result<VectorWriter> VectorWriter::create(FileIo& io, VectorFormat format, const std::string& name,
                                          uint32_t dim) {
  VEXFS_TRY(file, OutputFile::create(io, name));
  VectorWriter writer(format, std::move(file), dim);
  if (format != VectorFormat::kJsonl) {
    VEXFS_TRY(paths, OutputFile::create(io, name + ".paths"));
    writer.paths_.emplace(std::move(paths));
  }
  // The number of rows is not known yet. finish() writes the header again, of the same length.
  if (format == VectorFormat::kNpy) {
    VEXFS_CHECK_OK(writer.file_.append(make_npy_header(writer.shape_)));
  }
  return writer;
}

Status VectorWriter::append(std::string_view path, std::span<const float> vector) {
  if (vector.size() != shape_.dim) return Status(EINVAL, "a vector of another dimension");
  if (format_ == VectorFormat::kJsonl) {
    line_.clear();
    append_jsonl_line(path, vector, line_);
    VEXFS_CHECK_OK(file_.append(line_));
  } else {
    if (path.find('\n') != std::string_view::npos) {
      return Status(EINVAL, "a path with a newline; export to jsonl instead");
    }
    line_.assign(path).append("\n");
    VEXFS_CHECK_OK(paths_->append(line_));
    if (format_ == VectorFormat::kFvecs) {
      VEXFS_CHECK_OK(file_.append({reinterpret_cast<const char*>(&shape_.dim), sizeof(uint32_t)}));
    }
    VEXFS_CHECK_OK(file_.append(bytes_of(vector)));
  }
  ++shape_.rows;
  return Status();
}

Status VectorWriter::finish() {
  if (format_ == VectorFormat::kNpy) {
    VEXFS_CHECK_OK(file_.rewrite_start(make_npy_header(shape_)));
  }
  // The paths appear first: vectors without their paths would be taken for a whole export.
  if (paths_.has_value()) VEXFS_CHECK_OK(paths_->close());
  return file_.close();
}

}  // namespace vexfs::cli
