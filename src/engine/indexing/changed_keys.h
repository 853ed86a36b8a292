// ChangedKeys: the keys of files whose content changed, from request threads to the indexer.
#ifndef VEXFS_ENGINE_INDEXING_CHANGED_KEYS_H_
#define VEXFS_ENGINE_INDEXING_CHANGED_KEYS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "base/limits.h"
#include "base/mutex.h"
#include "tree/tree.h"

namespace vexfs::engine {

// It holds limits::kChangedKeysMax keys and then forgets further ones: the indexer has to look at
// all files then.
//
// Threads: all methods may run at once. Its mutex is a leaf. push() allocates nothing.
class ChangedKeys {
 public:
  ChangedKeys();

  // Request threads. True if it was empty: the thread that takes may be asleep.
  bool push(const store::ObjectKey& key);
  // Whether the key is in it. Request threads.
  bool contains(const store::ObjectKey& key) const;
  // Moves all keys to the end of `keys`. False: some were forgotten since the last call.
  bool take(std::vector<store::ObjectKey>& keys);
  bool empty() const;

 private:
  mutable Mutex mutex_;
  std::unique_ptr<store::ObjectKey[]> keys_ GUARDED_BY(mutex_);
  size_t size_ GUARDED_BY(mutex_) = 0;
  bool overrun_ GUARDED_BY(mutex_) = false;  // A key found no room.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_CHANGED_KEYS_H_
