// The slots of a file may lie anywhere in the space. They are sorted by file first, so that each
// file is looked at once.
#include "engine/search/type_filter.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "engine/search/hit_resolver.h"

namespace vexfs::engine {

Result<std::shared_ptr<const ScopeFilter>> with_types(VectorStorageManager& storage,
                                                      ScopeFilters& filters,
                                                      const VectorStorageManager::OpenSpace& space,
                                                      const ScopeFilter& filter,
                                                      std::span<const std::string> types) {
  VEXFS_TRY(all, filters.slots_of(space, filter));
  std::vector<std::pair<ObjectId, Slot>> owned;
  VEXFS_CHECK_OK(storage.for_each_slot(space, [&](Slot slot, ObjectId object, DirectoryIndex) {
    if (all->has(slot)) owned.emplace_back(object, slot);
  }));
  std::sort(owned.begin(), owned.end());
  auto typed = std::make_shared<SlotBitmap>();
  const DirectorySet* const directories = filter.directories();
  Status status;
  for (size_t at = 0; at < owned.size() && status.ok();) {
    storage.read([&](const Snapshot& now) {
      for (size_t names_left = limits::kReconcileStepNames;
           names_left > 0 && at < owned.size() && status.ok(); --names_left) {
        const ObjectId object = owned[at].first;
        bool fits = false;
        status = now.names_of(object, [&](DirectoryIndex directory, std::string_view name) {
          fits = (directories == nullptr || directories->has(directory)) && has_type(name, types);
          return !fits;
        });
        for (; at < owned.size() && owned[at].first == object; ++at) {
          if (fits) typed->add(owned[at].second);
        }
      }
    });
  }
  VEXFS_CHECK_OK(status);
  auto made = std::make_shared<ScopeFilter>(filter);
  made->slots = std::move(typed);
  made->typed = true;
  return std::shared_ptr<const ScopeFilter>(std::move(made));
}

}  // namespace vexfs::engine
