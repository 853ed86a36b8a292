// A fixed array; it is emptied as a whole, so it need not wrap.
#include "engine/indexing/changed_keys.h"

#include <utility>

namespace vexfs::engine {

ChangedKeys::ChangedKeys() : keys_(new store::ObjectKey[limits::kChangedKeysMax]) {}

bool ChangedKeys::push(const store::ObjectKey& key) {
  const MutexLock lock(mutex_);
  const bool was_empty = size_ == 0 && !overrun_;
  // Programs close one file several times in a row.
  if (size_ > 0 && keys_[size_ - 1] == key) return false;
  if (size_ < limits::kChangedKeysMax) {
    keys_[size_++] = key;
  } else {
    overrun_ = true;
  }
  return was_empty;
}

bool ChangedKeys::contains(const store::ObjectKey& key) const {
  const MutexLock lock(mutex_);
  for (size_t i = 0; i < size_; ++i) {
    if (keys_[i] == key) return true;
  }
  return false;
}

bool ChangedKeys::take(std::vector<store::ObjectKey>& keys) {
  const MutexLock lock(mutex_);
  keys.insert(keys.end(), &keys_[0], &keys_[0] + size_);
  size_ = 0;
  return !std::exchange(overrun_, false);
}

bool ChangedKeys::empty() const {
  const MutexLock lock(mutex_);
  return size_ == 0 && !overrun_;
}

}  // namespace vexfs::engine
