// BoundedCache: values by key, bounded in number and bytes. The least recently used make room.
#ifndef VEXFS_ENGINE_SEARCH_BOUNDED_CACHE_H_
#define VEXFS_ENGINE_SEARCH_BOUNDED_CACHE_H_

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/mutex.h"

namespace vexfs::engine {

// A value is shared with those who found it, so it may outlive its place here. `Stamp` says what
// the value was made from: a value is found under an equal stamp only. One with another stamp stays
// until the next put() of its key or until room is needed; nothing looks for stale values.
//
// Threads: all methods may run at once; the mutex is a leaf.
template <typename Value, typename Stamp>
class BoundedCache {
 public:
  BoundedCache(size_t entries_max, size_t bytes_max)
      : entries_max_(entries_max), bytes_max_(bytes_max) {}

  std::shared_ptr<const Value> find(std::string_view key, const Stamp& stamp) {
    const MutexLock lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || !(found->second->stamp == stamp)) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  // `bytes` is what the value takes beside its key, which is here twice. A value that is larger
  // than the cache is not kept, and the one that it replaces is dropped all the same.
  void put(std::string_view key, const Stamp& stamp, std::shared_ptr<const Value> value,
           size_t bytes) {
    const size_t cost = bytes + 2 * key.size();
    const MutexLock lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) drop(found->second);
    if (cost > bytes_max_) return;
    while (entries_.size() >= entries_max_ || bytes_ + cost > bytes_max_) {
      drop(std::prev(entries_.end()));
    }
    entries_.push_front({std::string(key), stamp, std::move(value), cost});
    by_key_.emplace(entries_.front().key, entries_.begin());
    bytes_ += cost;
  }

  size_t size() const {
    const MutexLock lock(mutex_);
    return entries_.size();
  }
  size_t bytes() const {
    const MutexLock lock(mutex_);
    return bytes_;
  }

 private:
  struct Entry {
    std::string key;
    Stamp stamp;
    std::shared_ptr<const Value> value;
    size_t cost;
  };
  using Place = typename std::list<Entry>::iterator;

  void drop(Place place) REQUIRES(mutex_) {
    bytes_ -= place->cost;
    by_key_.erase(place->key);
    entries_.erase(place);
  }

  const size_t entries_max_;
  const size_t bytes_max_;
  mutable Mutex mutex_;  // A leaf: nothing is locked under it.
  // The entry that was used last comes first.
  std::list<Entry> entries_ GUARDED_BY(mutex_);
  // The keys are views of those in entries_.
  std::unordered_map<std::string_view, Place> by_key_ GUARDED_BY(mutex_);
  size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_BOUNDED_CACHE_H_
