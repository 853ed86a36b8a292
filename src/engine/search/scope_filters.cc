// A bitmap is made in one pass over the storage's columns, which have the file and the directory of
// each slot.
#include "engine/search/scope_filters.h"

#include <utility>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

// Types stand last, each with its length, so that no two lists of types make one key.
std::string key_of(const VectorStorageManager::OpenSpace& space, DirectoryIndex scope,
                   const tree::Credentials& caller, std::span<const std::string> types) {
  std::string key;
  const auto append = [&key](auto value) {
    key.append(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  append(space.id);
  append(scope);
  append(caller.uid);
  append(caller.hash());
  for (const std::string_view type : types) {
    append(type.size());
    key.append(type);
  }
  return key;
}

size_t bytes_of(const ScopeFilter& filter) {
  return sizeof(ScopeFilter) + (filter.slots == nullptr ? 0 : filter.slots->bytes()) +
         (filter.unchecked == nullptr ? 0 : filter.unchecked->bytes());
}

}  // namespace

ScopeFilters::ScopeFilters(VectorStorageManager& storage, VisibleDirectories& visible)
    : storage_(storage),
      visible_(visible),
      cache_(limits::kCachedFiltersMax, limits::kCachedFilterBytesMax) {}

Result<std::shared_ptr<const ScopeFilter>> ScopeFilters::get(
    const VectorStorageManager::OpenSpace& space, DirectoryIndex scope,
    const tree::Credentials& caller, std::span<const std::string> types, const SearchStamp& stamp) {
  const std::string key = key_of(space, scope, caller, types);
  if (auto found = cache_.find(key, stamp)) return found;
  auto filter = std::make_shared<ScopeFilter>();
  VEXFS_TRY(visible, visible_.from(scope, caller));
  filter->visible = std::move(visible);
  if (!filter->visible->everything) {
    VEXFS_TRY(slots, slots_of(space, *filter));
    filter->slots = std::move(slots);
  }
  cache_.put(key, stamp, filter, bytes_of(*filter));
  return std::shared_ptr<const ScopeFilter>(std::move(filter));
}

void ScopeFilters::learn(const VectorStorageManager::OpenSpace& space, DirectoryIndex scope,
                         const tree::Credentials& caller, std::span<const std::string> types,
                         const SearchStamp& stamp, std::shared_ptr<const ScopeFilter> filter) {
  const size_t bytes = bytes_of(*filter);
  cache_.put(key_of(space, scope, caller, types), stamp, std::move(filter), bytes);
}

Result<std::shared_ptr<const SlotBitmap>> ScopeFilters::slots_of(
    const VectorStorageManager::OpenSpace& space, const ScopeFilter& filter) {
  if (filter.slots != nullptr) return filter.slots;
  built_.fetch_add(1, std::memory_order_relaxed);
  auto slots = std::make_shared<SlotBitmap>();
  const DirectorySet* directories = filter.directories();
  VEXFS_CHECK_OK(storage_.for_each_slot(space, [&](Slot slot, ObjectId, DirectoryIndex directory) {
    if (directory == kNoDirectory) return;
    if (directories == nullptr || directories->has(directory)) slots->add(slot);
  }));
  return std::shared_ptr<const SlotBitmap>(std::move(slots));
}

}  // namespace vexfs::engine
