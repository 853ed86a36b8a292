// Operations on the bytes of one large file. Closing it is part of the measured time of the writes:
// a file system that only queues them must not look faster than one that hands them on.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "op.h"

namespace vexfs::bench {
namespace {

constexpr const char* kFile = "data";
constexpr uint64_t kSmall = 4096;
constexpr uint64_t kLarge = 1U << 20;
constexpr uint64_t kCachedBytes = 16U << 20;  // This fits into any page cache, but not the CPU's.

void prepare_data(Work& work) {
  Fd fd(::open(kFile, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
  if (!fd.valid()) die("create", kFile);
  const std::vector<char> block(kLarge, 'v');
  for (uint64_t offset = 0; offset + kLarge <= work.options.file_bytes; offset += kLarge) {
    if (::pwrite(fd.get(), block.data(), kLarge, static_cast<off_t>(offset)) !=
        static_cast<ssize_t>(kLarge)) {
      die("write", kFile);
    }
  }
}

void open_data(Work& work, uint64_t buffer_bytes) {
  work.file.reset(::open(kFile, O_RDWR | O_CLOEXEC));
  if (!work.file.valid()) die("open", kFile);
  if (work.options.drop_file_cache) {
    if (::fdatasync(work.file.get()) != 0) die("fdatasync", kFile);
    ::posix_fadvise(work.file.get(), 0, 0, POSIX_FADV_DONTNEED);
  }
  work.buffer.assign(buffer_bytes, 'w');
}

void open_small(Work& work) { open_data(work, kSmall); }
void open_large(Work& work) { open_data(work, kLarge); }

void map_data(Work& work) {
  open_data(work, kSmall);
  void* address = ::mmap(nullptr, work.options.file_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                         work.file.get(), 0);
  if (address == MAP_FAILED) die("mmap", kFile);
  work.mapping = static_cast<char*>(address);
}

void close_data(Work& work) { work.file.reset(); }

void unmap_data(Work& work) {
  ::munmap(work.mapping, work.options.file_bytes);
  work.file.reset();
}

void read_at(Work& work, uint64_t offset) {
  const size_t bytes = work.buffer.size();
  if (::pread(work.file.get(), work.buffer.data(), bytes, static_cast<off_t>(offset)) !=
      static_cast<ssize_t>(bytes)) {
    die("read", kFile);
  }
}

void write_at(Work& work, uint64_t offset) {
  const size_t bytes = work.buffer.size();
  if (::pwrite(work.file.get(), work.buffer.data(), bytes, static_cast<off_t>(offset)) !=
      static_cast<ssize_t>(bytes)) {
    die("write", kFile);
  }
}

// The next multiple of kSmall below `limit` (xorshift64).
uint64_t random_offset(Work& work, uint64_t limit) {
  work.random ^= work.random << 13;
  work.random ^= work.random >> 7;
  work.random ^= work.random << 17;
  return work.random % (limit / kSmall) * kSmall;
}

uint64_t next_offset(const Work& work, uint64_t i, uint64_t bytes) {
  return i % (work.options.file_bytes / bytes) * bytes;
}

void warm_cached(Work& work) {
  open_data(work, kSmall);
  for (uint64_t offset = 0; offset < std::min(kCachedBytes, work.options.file_bytes);
       offset += kSmall) {
    read_at(work, offset);
  }
}

uint64_t random_read(Work& work, uint64_t) {
  read_at(work, random_offset(work, work.options.file_bytes));
  return 1;
}

uint64_t random_write(Work& work, uint64_t) {
  write_at(work, random_offset(work, work.options.file_bytes));
  return 1;
}

uint64_t cached_read(Work& work, uint64_t) {
  read_at(work, random_offset(work, std::min(kCachedBytes, work.options.file_bytes)));
  return 1;
}

uint64_t sequential_read(Work& work, uint64_t i) {
  read_at(work, next_offset(work, i, kLarge));
  return 1;
}

uint64_t sequential_write(Work& work, uint64_t i) {
  write_at(work, next_offset(work, i, kLarge));
  return 1;
}

uint64_t mapped_read(Work& work, uint64_t i) {
  std::memcpy(work.buffer.data(), work.mapping + next_offset(work, i, kSmall), kSmall);
  return 1;
}

uint64_t mapped_write(Work& work, uint64_t i) {
  std::memcpy(work.mapping + next_offset(work, i, kSmall), work.buffer.data(), kSmall);
  return 1;
}

constexpr Op kDataOps[] = {
    {"rand_read", "read 4 KiB at random places", prepare_data, open_small, random_read, close_data,
     kSmall},
    {"rand_write", "write 4 KiB at random places", prepare_data, open_small, random_write,
     close_data, kSmall},
    {"seq_read", "read 1 MiB after 1 MiB", prepare_data, open_large, sequential_read, close_data,
     kLarge},
    {"seq_write", "overwrite 1 MiB after 1 MiB", prepare_data, open_large, sequential_write,
     close_data, kLarge},
    {"cached_read", "read 4 KiB at random places of 16 MiB read before", prepare_data, warm_cached,
     cached_read, close_data, kSmall},
    {"mmap_read", "copy 4 KiB after 4 KiB out of a mapping", prepare_data, map_data, mapped_read,
     unmap_data, kSmall},
    {"mmap_write", "copy 4 KiB after 4 KiB into a mapping", prepare_data, map_data, mapped_write,
     unmap_data, kSmall},
};

}  // namespace

std::span<const Op> data_ops() { return kDataOps; }

}  // namespace vexfs::bench
