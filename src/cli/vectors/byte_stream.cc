// Lines and exact reads over one buffer. The buffer is longer than the longest line, so a line is
// always whole in it, and a view of it is enough.
#include "cli/vectors/byte_stream.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/limits.h"

namespace vexfs::cli {

ByteStream::ByteStream(Fd fd)
    : fd_(std::move(fd)),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(limits::kStreamBufferBytes)) {}

std::optional<uint64_t> ByteStream::size() const {
  struct stat attributes;
  if (::fstat(fd_.get(), &attributes) != 0 || !S_ISREG(attributes.st_mode)) return std::nullopt;
  return static_cast<uint64_t>(attributes.st_size);
}

Result<bool> ByteStream::fill() {
  if (begin_ != 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  for (;;) {
    const ssize_t bytes =
        ::read(fd_.get(), buffer_.get() + end_, limits::kStreamBufferBytes - end_);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return errno_status("read");
    end_ += static_cast<size_t>(bytes);
    return bytes != 0;
  }
}

void ByteStream::take(size_t bytes) {
  begin_ += bytes;
  consumed_ += bytes;
}

Result<bool> ByteStream::read(std::span<std::byte> out) {
  size_t done = 0;
  while (done < out.size()) {
    if (begin_ == end_) {
      VEXFS_TRY(more, fill());
      if (!more) {
        if (done == 0) return false;
        return Status(ENODATA, "the file ends in the middle of a row");
      }
    }
    const size_t bytes = std::min(out.size() - done, end_ - begin_);
    std::memcpy(out.data() + done, buffer_.get() + begin_, bytes);
    take(bytes);
    done += bytes;
  }
  return true;
}

// The part of a line that was searched already is not searched again when more was read.
Result<std::optional<std::string_view>> ByteStream::line() {
  size_t searched = 0;
  for (;;) {
    const std::string_view unread(reinterpret_cast<const char*>(buffer_.get()) + begin_,
                                  end_ - begin_);
    const size_t newline = unread.find('\n', searched);
    bool ended = newline != std::string_view::npos;
    size_t length = ended ? newline : unread.size();
    if (length > limits::kVectorLineBytesMax) {
      VEXFS_CHECK_OK(skip_line());
      return Status(EMSGSIZE, "the line is too long");
    }
    if (!ended) {
      searched = unread.size();
      VEXFS_TRY(more, fill());
      if (more) continue;
      if (begin_ == end_) return std::optional<std::string_view>();
    }
    std::string_view text(reinterpret_cast<const char*>(buffer_.get()) + begin_, length);
    take(ended ? length + 1 : length);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return std::optional<std::string_view>(text);
  }
}

Status ByteStream::skip_line() {
  for (;;) {
    const void* found = std::memchr(buffer_.get() + begin_, '\n', end_ - begin_);
    if (found != nullptr) {
      take(static_cast<size_t>(static_cast<const std::byte*>(found) - buffer_.get()) + 1 - begin_);
      return Status();
    }
    take(end_ - begin_);
    VEXFS_TRY(more, fill());
    if (!more) return Status();
  }
}

}  // namespace vexfs::cli
