// ReadableFiles: remembers which files callers may read.
#ifndef VEXFS_ENGINE_SEARCH_READABLE_FILES_H_
#define VEXFS_ENGINE_SEARCH_READABLE_FILES_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/search/bounded_cache.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::engine {

// A score by words depends on how rare each word is, and that must not reveal files that the caller
// may not read. Looking at every file that has a word would be too slow for each query, so what was
// found stays known, with two bits for each file, until rights change. Only the file itself is
// checked here; ScopeFilters check the directories that lead to it.
//
// Bounded by limits::kReadableCallersMax and kReadableObjectsMax. Threads: all methods may run at
// once; no lock is held over a system call.
class ReadableFiles {
 public:
  // What was found is believed as long as this is equal. See SearchStamp.
  struct Stamp {
    uint64_t permissions = 0;
    uint64_t clock = 0;

    bool operator==(const Stamp&) const = default;
  };

  ReadableFiles(tree::Tree& tree, VectorStorageManager& storage) : tree_(tree), storage_(storage) {}

  // Appends the objects that the caller may not read and those that are gone, each once. Ignores
  // kNoObject.
  Status find_unreadable(const tree::Credentials& caller, const Stamp& stamp,
                         std::span<const ObjectId> objects, std::vector<ObjectId>& unreadable);

 private:
  // Bit i stands for object i.
  struct Known {
    Mutex mutex;  // A leaf: nothing is locked under it.
    std::vector<uint64_t> asked GUARDED_BY(mutex);
    std::vector<uint64_t> readable GUARDED_BY(mutex);
  };

  std::shared_ptr<Known> known_of(const tree::Credentials& caller, const Stamp& stamp);
  Status look(const tree::Credentials& caller, std::span<const ObjectId> objects,
              std::vector<bool>& readable);

  tree::Tree& tree_;
  VectorStorageManager& storage_;
  BoundedCache<std::shared_ptr<Known>, Stamp> cache_{limits::kReadableCallersMax, SIZE_MAX};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_READABLE_FILES_H_
