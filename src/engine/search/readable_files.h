// ReadableFiles: which files callers may read, as far as that was asked.
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

// How rare a word is must not tell of files that the caller may not read, and there is no looking
// at a file for each passage that has it: so what was found stays known, two bits a file, until
// the rights of something change. The directories that lead to a file are the filters' part.
//
// Bounded by limits::kReadableCallersMax and kReadableObjectsMax. Threads: all methods may run at
// once; no lock is held over a system call.
class ReadableFiles {
 public:
  // Until when what was found may be believed, as in SearchStamp.
  struct Stamp {
    uint64_t permissions = 0;
    uint64_t clock = 0;

    bool operator==(const Stamp&) const = default;
  };

  ReadableFiles(tree::Tree& tree, VectorStorageManager& storage) : tree_(tree), storage_(storage) {}

  // Appends those that the caller may not read, or that are gone, each once. kNoObject is passed
  // over.
  Status find_unreadable(const tree::Credentials& caller, const Stamp& stamp,
                         std::span<const ObjectId> objects, std::vector<ObjectId>& unreadable);

 private:
  // Bit i of each: object i.
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
