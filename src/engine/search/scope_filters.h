// ScopeFilters: which slots a search may find, as bitmaps that are kept between queries.
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

// Refusals of a search that are worth a new bitmap: fewer cost a later query less than the copy.
inline constexpr size_t kRefusalsWorthLearning = 16;

// What a caller may find below a scope. Rights are taken per directory here; those of files are
// checked when a file is a hit, and what was refused then is learned (see ScopeFilters::learn).
struct ScopeFilter {
  std::shared_ptr<const VisibleDirectories::Visible> visible;
  // Slots of files in these directories. Not there (nullptr) where they are all slots of the space,
  // because the scope is the source and the caller sees every directory: then a search needs none.
  std::shared_ptr<const SlotBitmap> slots;
  bool typed = false;  // Slots of other types are out.
  // Of these, those whose files were not found readable yet (TextSearch); nullptr: none was.
  std::shared_ptr<const SlotBitmap> unchecked = nullptr;

  const DirectorySet* directories() const {
    return visible->everything ? nullptr : &visible->directories;
  }
};

// Bounded by limits::kCachedFiltersMax and kCachedFilterBytesMax. Threads: all methods may run at
// once.
class ScopeFilters {
 public:
  ScopeFilters(VectorStorageManager& storage, VisibleDirectories& visible);

  // `stamp` was taken before the query looked at anything.
  Result<std::shared_ptr<const ScopeFilter>> get(const VectorStorageManager::OpenSpace& space,
                                                 DirectoryIndex scope,
                                                 const tree::Credentials& caller,
                                                 std::span<const std::string> types,
                                                 const SearchStamp& stamp);
  // A filter that queries with these parameters shall use from now on, while the stamp holds.
  void learn(const VectorStorageManager::OpenSpace& space, DirectoryIndex scope,
             const tree::Credentials& caller, std::span<const std::string> types,
             const SearchStamp& stamp, std::shared_ptr<const ScopeFilter> filter);
  // The bitmap of a filter, made where it has none.
  Result<std::shared_ptr<const SlotBitmap>> slots_of(const VectorStorageManager::OpenSpace& space,
                                                     const ScopeFilter& filter);
  uint64_t built() const { return built_.load(std::memory_order_relaxed); }

 private:
  VectorStorageManager& storage_;
  VisibleDirectories& visible_;
  BoundedCache<ScopeFilter, SearchStamp> cache_;
  std::atomic<uint64_t> built_{0};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_SCOPE_FILTERS_H_
