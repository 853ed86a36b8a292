// The storage mutex, as Clang's thread-safety analysis knows it.
#ifndef VEXFS_ENGINE_STORAGE_STORAGE_MUTEX_H_
#define VEXFS_ENGINE_STORAGE_STORAGE_MUTEX_H_

#include "base/mutex.h"

namespace vexfs::engine {

// An open store has one mutex (OpenStore::mutex) that guards its catalog, its names and the state
// of all its parts. The analysis compares expressions and cannot know that the parts of a store
// refer to the same mutex, so they all name it by the role that it has: `storage_mutex` in
// GUARDED_BY and REQUIRES. No code has two stores in its hands, so the role is the mutex.
//
// Order: the commit mutex (GroupCommit::mutex), the storage mutex, those of KnnSearchEngine.
class CAPABILITY("mutex") StorageMutex {
 public:
  // For lambdas, which are analysed alone: their caller holds the mutex. Checks nothing.
  void assert_held() const ASSERT_CAPABILITY(this) {}
};

inline constexpr StorageMutex storage_mutex;

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_STORAGE_MUTEX_H_
