// ScopeFilters: which slots a search may find, as bitmaps that later queries use again.
#ifndef VEXFS_ENGINE_SEARCH_SCOPE_FILTERS_H_
#define VEXFS_ENGINE_SEARCH_SCOPE_FILTERS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "engine/search/bounded_cache.h"
#include "engine/search/search_result_cache.h"
#include "engine/search/visible_directories.h"
#include "engine/space/slot_bitmap.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/credentials.h"

namespace vexfs::engine {

// A search with this many refusals makes a new bitmap. Fewer refusals cost a later query less than
// the copy costs.
inline constexpr size_t kRefusalsWorthLearning = 16;

// What a caller may find below a scope. The rights of directories are in it from the beginning;
// those of a file are checked when the file is a hit, and refusals come into the filter by
// ScopeFilters::learn().
struct ScopeFilter {
  std::shared_ptr<const VisibleDirectories::Visible> visible;
  // The slots of files in these directories. nullptr stands for all slots of the space: the scope
  // is the source and the caller sees every directory, so a search needs no filter.
  std::shared_ptr<const SlotBitmap> slots;
  bool typed = false;  // `slots` has only files of the types that were asked for.
  // Those of `slots` whose files TextSearch has not found readable yet. nullptr: it has not looked.
  std::shared_ptr<const SlotBitmap> unchecked = nullptr;

  const DirectorySet* directories() const {
    return visible->everything ? nullptr : &visible->directories;
  }
};

// Bounded by limits::kCachedFiltersMax and kCachedFilterBytesMax. Threads: all methods may run at
// once; no lock of its own is held while a bitmap is made.
class ScopeFilters {
 public:
  ScopeFilters(VectorStorageManager& storage, VisibleDirectories& visible);

  // Finds the filter of these parameters, or makes it. `stamp` was taken before the query looked at
  // anything, so a filter is never newer than its stamp says.
  Result<std::shared_ptr<const ScopeFilter>> get(const VectorStorageManager::OpenSpace& space,
                                                 DirectoryIndex scope,
                                                 const tree::Credentials& caller,
                                                 std::span<const std::string> types,
                                                 const SearchStamp& stamp);
  // Gives later queries with these parameters and this stamp a filter that has learned from
  // refusals.
  void learn(const VectorStorageManager::OpenSpace& space, DirectoryIndex scope,
             const tree::Credentials& caller, std::span<const std::string> types,
             const SearchStamp& stamp, std::shared_ptr<const ScopeFilter> filter);
  // The bitmap of a filter. Makes one where the filter stands for all slots.
  Result<std::shared_ptr<const SlotBitmap>> slots_of(const VectorStorageManager::OpenSpace& space,
                                                     const ScopeFilter& filter);
  // How many bitmaps were made.
  uint64_t built() const { return built_.load(std::memory_order_relaxed); }

 private:
  VectorStorageManager& storage_;
  VisibleDirectories& visible_;
  BoundedCache<ScopeFilter, SearchStamp> cache_;
  std::atomic<uint64_t> built_{0};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_SCOPE_FILTERS_H_
