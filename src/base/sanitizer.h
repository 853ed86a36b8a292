// Whether this is a sanitizer build. Clang says so by features, GCC by macros.
#ifndef VEXFS_BASE_SANITIZER_H_
#define VEXFS_BASE_SANITIZER_H_

#ifdef __has_feature
#define VEXFS_HAS_FEATURE(feature) __has_feature(feature)
#else
#define VEXFS_HAS_FEATURE(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || VEXFS_HAS_FEATURE(address_sanitizer)
#define VEXFS_ADDRESS_SANITIZED 1
#else
#define VEXFS_ADDRESS_SANITIZED 0
#endif

#if defined(__SANITIZE_THREAD__) || VEXFS_HAS_FEATURE(thread_sanitizer)
#define VEXFS_THREAD_SANITIZED 1
#else
#define VEXFS_THREAD_SANITIZED 0
#endif

namespace vexfs {

inline constexpr bool kThreadSanitized = VEXFS_THREAD_SANITIZED != 0;

// In these builds frames are several times larger, and the sanitizer owns the allocator and the
// memory below the stack pointer.
inline constexpr bool kSanitized = VEXFS_ADDRESS_SANITIZED != 0 || kThreadSanitized;

}  // namespace vexfs

#endif  // VEXFS_BASE_SANITIZER_H_
