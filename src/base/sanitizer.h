// kSanitized: whether this is an AddressSanitizer, ThreadSanitizer or MemorySanitizer build, where
// frames are several times larger and the memory below the stack pointer is the sanitizer's
// business.
#ifndef VEXFS_BASE_SANITIZER_H_
#define VEXFS_BASE_SANITIZER_H_

namespace vexfs {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace vexfs

#endif  // VEXFS_BASE_SANITIZER_H_
