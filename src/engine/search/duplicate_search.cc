// One search for each vector of the scope. The memory that this takes grows with the files that
// have a near one, not with the scope.
#include "engine/search/duplicate_search.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "base/limits.h"

namespace vexfs::engine {

Result<DuplicatesResult, Refusal> DuplicateSearch::run(const ScopeFilter& filter, float distance) {
  const auto failed = [&](const Status& status) {
    return Refusal(status.error(), std::string("the search failed: ") + status.what());
  };
  const auto all = filters_.slots_of(space_, filter);
  if (!all.ok()) return failed(all.status());
  const SlotBitmap& slots = *all.value();
  if (slots.matches() > limits::kDuplicateVectorsMax) {
    return Refusal(
        E2BIG, "there are too many vectors here to compare each with all: ask a directory below");
  }

  const index::SlotFilter bits = slots.filter();
  index::SearchOptions options;
  options.k = limits::kDuplicateNeighborsMax + 1;  // The vector itself is one of them.
  options.filter = filter.slots == nullptr ? nullptr : &bits;
  std::vector<float> vector(space_.parameters.dim);
  std::vector<index::Neighbor> neighbors(options.k);
  std::vector<index::Neighbor> near;
  Status status;
  slots.for_each([&](Slot slot) {
    const auto hold = space_.knn->hold();
    if (!storage_.read_vector(space_, slot, vector).ok()) return true;  // It was removed meanwhile.
    const auto found = space_.knn->search(vector.data(), options, false, neighbors);
    status = found.status();
    if (!status.ok()) return false;
    near.assign(1, {slot, 0});
    for (uint32_t i = 0; i < found.value().count; ++i) {
      if (neighbors[i].slot != slot && neighbors[i].distance <= distance) {
        near.push_back(neighbors[i]);
      }
    }
    if (near.size() > 1) status = join_neighbors(near);
    return status.ok() && complete_;
  });
  if (!status.ok()) return failed(status);
  DuplicatesResult result;
  result.groups = groups();
  result.complete = complete_;
  return result;
}

// Joins the owners of these slots. The first one is the vector whose neighbours the others are.
Status DuplicateSearch::join_neighbors(std::span<const index::Neighbor> near) {
  batch_.clear();
  VEXFS_CHECK_OK(resolver_.resolve(space_, scope_, near, batch_));
  const uint32_t asked = file_of(batch_.front());
  if (asked == kRefused) return {};
  for (ResolvedHit& hit : std::span(batch_).subspan(1)) {
    const float distance = hit.passage.distance;
    const uint32_t other = file_of(hit);
    if (other == kRefused || other == asked) continue;
    uint32_t first = leader_of(asked);
    uint32_t second = leader_of(other);
    if (second < first) std::swap(first, second);
    files_[first].distance = std::max({files_[first].distance, files_[second].distance, distance});
    files_[second].leader = first;
  }
  return {};
}

// The index of the hit's file in files_. A file is looked at once in the whole search, when it
// comes up first; kRefused stands for one that may not join.
uint32_t DuplicateSearch::file_of(ResolvedHit& hit) {
  const auto object = static_cast<uint64_t>(hit.passage.passage.object);
  if (hit.verdict != Verdict::kUnknown) return kRefused;
  if (const auto known = by_object_.find(object); known != by_object_.end()) return known->second;
  if (files_.size() >= limits::kDuplicateFilesMax) {
    complete_ = false;
    return kRefused;
  }
  resolver_.verify(scope_, hit);
  uint32_t file = kRefused;
  if (hit.verdict == Verdict::kGood) {
    file = static_cast<uint32_t>(files_.size());
    files_.push_back({file, -std::numeric_limits<float>::infinity(), std::move(hit.passage.path)});
  }
  by_object_.emplace(object, file);
  return file;
}

uint32_t DuplicateSearch::leader_of(uint32_t file) {
  while (files_[file].leader != file) {
    files_[file].leader = files_[files_[file].leader].leader;  // This halves the next walk.
    file = files_[file].leader;
  }
  return file;
}

std::vector<DuplicateGroup> DuplicateSearch::groups() {
  std::unordered_map<uint32_t, DuplicateGroup> by_leader;
  for (uint32_t i = 0; i < files_.size(); ++i) {
    const uint32_t leader = leader_of(i);
    DuplicateGroup& group = by_leader[leader];
    group.distance = files_[leader].distance;
    group.paths.push_back(std::move(files_[i].path));
  }
  std::vector<DuplicateGroup> found;
  for (auto& [leader, group] : by_leader) {
    if (group.paths.size() < 2) continue;  // All its neighbours were refused.
    std::sort(group.paths.begin(), group.paths.end());
    found.push_back(std::move(group));
  }
  std::sort(found.begin(), found.end(), [](const DuplicateGroup& a, const DuplicateGroup& b) {
    return std::tie(a.distance, a.paths) < std::tie(b.distance, b.paths);
  });
  return found;
}

}  // namespace vexfs::engine
