// ByteStream: a file that is read once, front to back, through one buffer of fixed size.
#ifndef VEXFS_CLI_VECTORS_BYTE_STREAM_H_
#define VEXFS_CLI_VECTORS_BYTE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/fd.h"
#include "base/status.h"

namespace vexfs::cli {

// Files, pipes and terminals alike: nothing is sought. Not thread-safe.
class ByteStream {
 public:
  explicit ByteStream(Fd fd);

  // The next bytes, as many as `out` has room for. False at the end of the file, before the first
  // of them; ENODATA when the file ends within them.
  Result<bool> read(std::span<std::byte> out);
  // The next line without its newline (and without a carriage return before that); nothing at the
  // end. The view holds until the next call. EMSGSIZE when the line is longer than
  // limits::kVectorLineBytesMax: it is skipped, and the stream may be read on.
  Result<std::optional<std::string_view>> line();

  uint64_t consumed() const { return consumed_; }
  // Of a regular file; nothing for pipes.
  std::optional<uint64_t> size() const;

 private:
  // Reads on into the buffer, keeping what is unread. False at the end of the file.
  Result<bool> fill();
  void take(size_t bytes);
  Status skip_line();

  Fd fd_;
  std::unique_ptr<std::byte[]> buffer_;  // limits::kStreamBufferBytes; not cleared first.
  size_t begin_ = 0;                     // Unread bytes are buffer_[begin_, end_).
  size_t end_ = 0;
  uint64_t consumed_ = 0;
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_VECTORS_BYTE_STREAM_H_
