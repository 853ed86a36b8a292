// An output is written beside its name and renamed when it is whole and synced, so an interrupted
// export leaves the older file.
#include "cli/vectors/output_file.h"

#include <fcntl.h>

#include <span>

#include "base/limits.h"

namespace vexfs::cli {
namespace {

std::string beside(const std::string& name) { return name + ".new"; }

}  // namespace

OutputFile::OutputFile(FileIo& io, Fd directory, std::string name, Fd file)
    : io_(&io),
      directory_(std::move(directory)),
      name_(std::move(name)),
      file_(io, std::move(file)) {}

Result<OutputFile> OutputFile::create(FileIo& io, const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") return Status(EISDIR, "the output");
  Fd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return errno_status("the output's directory");
  Fd file(io.openat(directory.get(), beside(name).c_str(),
                    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file.valid()) return errno_status("the output");
  return OutputFile(io, std::move(directory), std::move(name), std::move(file));
}

OutputFile::~OutputFile() {
  if (directory_.valid()) (void)io_->unlinkat(directory_.get(), beside(name_).c_str(), 0);
}

Status OutputFile::write_out() {
  VEXFS_CHECK_OK(file_.write_all(std::as_bytes(std::span(buffer_)), written_));
  written_ += buffer_.size();
  buffer_.clear();
  return Status();
}

Status OutputFile::append(std::string_view bytes) {
  buffer_ += bytes;
  return buffer_.size() < limits::kStreamBufferBytes ? Status() : write_out();
}

Status OutputFile::rewrite_start(std::string_view bytes) {
  VEXFS_CHECK_OK(write_out());
  return file_.write_all(std::as_bytes(std::span(bytes)), 0);
}

Status OutputFile::close() {
  VEXFS_CHECK_OK(write_out());
  VEXFS_CHECK_OK(file_.sync());
  const std::string from = beside(name_);
  VEXFS_CHECK_OK(rename_into_place(*io_, directory_, from.c_str(), name_.c_str()));
  directory_.reset();
  return Status();
}

}  // namespace vexfs::cli
