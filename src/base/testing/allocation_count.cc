// The allocator's functions, in front of those of glibc, which has each under a second name.
#include "base/testing/allocation_count.h"

#include <cerrno>
#include <cstddef>

namespace {

// Constant-initialised, in the static TLS block: the dynamic linker allocates before main().
[[gnu::tls_model("initial-exec")]] constinit thread_local uint64_t t_allocations = 0;

}  // namespace

#if !VEXFS_ADDRESS_SANITIZED && !VEXFS_THREAD_SANITIZED

extern "C" {

void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* memory, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);

void* malloc(size_t bytes) noexcept {
  ++t_allocations;
  return __libc_malloc(bytes);
}

void* calloc(size_t count, size_t bytes) noexcept {
  ++t_allocations;
  return __libc_calloc(count, bytes);
}

void* realloc(void* memory, size_t bytes) noexcept {
  ++t_allocations;
  return __libc_realloc(memory, bytes);
}

void* aligned_alloc(size_t alignment, size_t bytes) noexcept {
  ++t_allocations;
  return __libc_memalign(alignment, bytes);
}

void* memalign(size_t alignment, size_t bytes) noexcept {
  ++t_allocations;
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void** memory, size_t alignment, size_t bytes) noexcept {
  ++t_allocations;
  void* const made = __libc_memalign(alignment, bytes);
  if (made == nullptr) return ENOMEM;
  *memory = made;
  return 0;
}

}  // extern "C"

#endif

namespace vexfs {

uint64_t allocations_of_this_thread() { return t_allocations; }

}  // namespace vexfs
