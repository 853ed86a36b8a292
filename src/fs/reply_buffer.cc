// Each thread has a mapping of its own, for which no memory is reserved.
#include "fs/reply_buffer.h"

#include <sys/mman.h>

#include <cerrno>

#include "base/limits.h"

namespace vexfs::fs {
namespace {

thread_local char* thread_buffer = nullptr;

}  // namespace

ReplyBuffer reply_buffer() { return {thread_buffer, limits::kDataBytesMax}; }

Status allocate_reply_buffer() {
  void* memory = ::mmap(nullptr, limits::kDataBytesMax, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return Status(ENOMEM, "reply buffer");
  thread_buffer = static_cast<char*>(memory);
  return {};
}

void free_reply_buffer() {
  ::munmap(thread_buffer, limits::kDataBytesMax);
  thread_buffer = nullptr;
}

}  // namespace vexfs::fs
