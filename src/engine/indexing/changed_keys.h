// ChangedKeys: files whose content changed, told by request threads, until the indexer asks.
#ifndef VEXFS_ENGINE_INDEXING_CHANGED_KEYS_H_
#define VEXFS_ENGINE_INDEXING_CHANGED_KEYS_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "base/limits.h"
#include "tree/tree.h"

namespace vexfs::engine {

// A ring of limits::kChangedKeysMax keys. One that is full forgets which files they were: then all
// have to be looked at.
//
// Threads: any. Its mutex is a leaf. push() is for request threads: it copies a key.
class ChangedKeys {
 public:
  ChangedKeys();

  // True when the ring was empty: whoever takes may be asleep.
  bool push(const store::ObjectKey& key);
  // Whether the key waits. Request threads.
  bool contains(const store::ObjectKey& key) const;
  // Appends all keys to `keys`. False: the ring was full once since the last call.
  bool take(std::vector<store::ObjectKey>& keys);
  bool empty() const;

 private:
  mutable std::mutex mutex_;
  const std::unique_ptr<store::ObjectKey[]> ring_;
  size_t size_ = 0;
  bool overrun_ = false;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_CHANGED_KEYS_H_
