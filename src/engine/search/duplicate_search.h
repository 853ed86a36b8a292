// DuplicateSearch: files whose vectors are near each other.
#ifndef VEXFS_ENGINE_SEARCH_DUPLICATE_SEARCH_H_
#define VEXFS_ENGINE_SEARCH_DUPLICATE_SEARCH_H_

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/refusal.h"
#include "engine/query/query.h"
#include "engine/search/hit_resolver.h"
#include "engine/search/scope_filters.h"

namespace vexfs::engine {

// Searches the neighbours of each vector in the scope and joins the files of those that are near
// enough, with union-find. Only files that the caller may read are joined, so no group depends on a
// file that the caller may not see. An object is used once, by one thread.
class DuplicateSearch {
 public:
  DuplicateSearch(HitResolver& resolver, ScopeFilters& filters, VectorStorageManager& storage,
                  const VectorStorageManager::OpenSpace& space, const HitScope& scope)
      : resolver_(resolver), filters_(filters), storage_(storage), space_(space), scope_(scope) {}

  // E2BIG where the scope has more vectors than limits::kDuplicateVectorsMax.
  Result<DuplicatesResult, Refusal> run(const ScopeFilter& filter, float distance);

 private:
  // A node of union-find. `leader` leads to an earlier file of the group; the first one of a group
  // leads to itself and has the largest distance in the group.
  struct File {
    uint32_t leader;
    float distance;
    std::string path;
  };
  static constexpr uint32_t kRefused = UINT32_MAX;

  Status join_neighbors(std::span<const index::Neighbor> near);
  uint32_t file_of(ResolvedHit& hit);
  uint32_t leader_of(uint32_t file);
  std::vector<DuplicateGroup> groups();

  HitResolver& resolver_;
  ScopeFilters& filters_;
  VectorStorageManager& storage_;
  const VectorStorageManager::OpenSpace& space_;
  const HitScope& scope_;

  std::vector<File> files_;
  std::unordered_map<uint64_t, uint32_t> by_object_;  // The index in files_, or kRefused.
  std::vector<ResolvedHit> batch_;
  bool complete_ = true;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_DUPLICATE_SEARCH_H_
