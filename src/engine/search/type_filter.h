// with_types(): narrows a filter of slots to files whose names have one of the types.
#ifndef VEXFS_ENGINE_SEARCH_TYPE_FILTER_H_
#define VEXFS_ENGINE_SEARCH_TYPE_FILTER_H_

#include <memory>
#include <span>
#include <string_view>

#include "base/status.h"
#include "engine/search/scope_filters.h"
#include "engine/storage/vector_storage_manager.h"

namespace vexfs::engine {

// Returns the filter without the slots of files that have no name of one of the types in its
// directories. Each file's names are looked at once, limits::kReconcileStepNames files at a time
// under the storage's lock.
Result<std::shared_ptr<const ScopeFilter>> with_types(VectorStorageManager& storage,
                                                      ScopeFilters& filters,
                                                      const VectorStorageManager::OpenSpace& space,
                                                      const ScopeFilter& filter,
                                                      std::span<const std::string> types);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_TYPE_FILTER_H_
