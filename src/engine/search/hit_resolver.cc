// The catalog says where a file should be; the tree has the last word.
#include "engine/search/hit_resolver.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "tree/caller_access.h"
#include "tree/open_beneath.h"

namespace vexfs::engine {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_but_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// Fills the passage, key and paths of the slot's owner. Its paths are those below the directory
// that is asked, by names that the caller may learn.
Status resolve_slot(const Snapshot& now, store::SpaceId space, const HitScope& scope,
                    ResolvedHit& hit) {
  size_t visible = 0;
  bool other_type = false;
  const auto take = [&](ObjectId parent, std::string_view name) {
    const DirectoryIndex directory = now.find_directory(parent);
    if (directory == kNoDirectory) return true;
    if (scope.directories != nullptr && !scope.directories->has(directory)) return true;
    if (!has_type(name, scope.types)) {
      other_type = true;
      return true;
    }
    std::string path;
    if (now.directory_path(directory, scope.asked, path).ok()) {  // It lies below.
      if (!path.empty()) path += '/';
      path += name;
      hit.others.push_back(std::move(path));
    }
    return ++visible < limits::kHitNamesMax;
  };
  hit.verdict = Verdict::kGone;
  VEXFS_TRY(owner, now.owner_at(space, hit.slot, take));
  if (!owner.has_value()) return {};
  hit.passage.passage = owner->passage;
  hit.passage.key = owner->key;
  if (hit.others.empty()) {
    if (visible == 0 && other_type) hit.verdict = Verdict::kOtherType;
    return {};
  }
  hit.verdict = Verdict::kUnknown;
  if (hit.others.size() > 1) std::sort(hit.others.rbegin(), hit.others.rend());
  hit.passage.path = std::move(hit.others.back());
  hit.others.pop_back();
  return {};
}

}  // namespace

bool has_type(std::string_view name, std::span<const std::string> types) {
  if (types.empty()) return true;
  return std::any_of(types.begin(), types.end(), [&](std::string_view type) {
    if (name.size() <= type.size()) return false;
    const size_t dot = name.size() - type.size() - 1;
    return name[dot] == '.' && equal_but_case(name.substr(dot + 1), type);
  });
}

Status HitResolver::resolve(const VectorStorageManager::OpenSpace& space, const HitScope& scope,
                            std::span<const index::Neighbor> neighbors,
                            std::vector<ResolvedHit>& hits) {
  Status status;
  storage_.read([&](const Snapshot& now) {
    for (const index::Neighbor& neighbor : neighbors) {
      ResolvedHit& hit = hits.emplace_back();
      hit.slot = neighbor.slot;
      hit.passage.distance = neighbor.distance;
      status = resolve_slot(now, space.id, scope, hit);
      if (!status.ok()) return;
    }
  });
  return status;
}

Verdict HitResolver::verify_path(const HitScope& scope, const std::string& path,
                                 const ObjectKey& key, int64_t* modified) {
  const auto file = scope.check_way
                        ? tree::open_for(*scope.caller, scope.directory, path)
                        : tree::open_beneath(scope.directory, path, O_PATH | O_NOFOLLOW);
  if (!file.ok()) return file.error() == EACCES ? Verdict::kUnreadable : Verdict::kGone;
  const int fd = file.value().get();
  const auto found = tree_.key_of(fd);
  if (!found.ok() || !(found.value() == key)) return Verdict::kGone;
  if (scope.caller->sees_all() && scope.after == 0 && !scope.wants_modified) return Verdict::kGood;
  struct stat attributes;
  const auto readable = tree::may_access(*scope.caller, fd, R_OK, attributes);
  if (!readable.ok()) return Verdict::kGone;
  if (!readable.value()) return Verdict::kUnreadable;
  if (modified != nullptr) *modified = attributes.st_mtim.tv_sec;
  if (scope.after != 0 && attributes.st_mtim.tv_sec < scope.after) return Verdict::kTooOld;
  return Verdict::kGood;
}

void HitResolver::verify(const HitScope& scope, ResolvedHit& hit) {
  if (hit.verdict != Verdict::kUnknown) return;
  hit.verdict = verify_path(scope, hit.passage.path, hit.passage.key, &hit.passage.modified);
  const auto another_may_do = [&] {
    return hit.verdict == Verdict::kGone ||
           (hit.verdict == Verdict::kUnreadable && scope.check_way);
  };
  while (another_may_do() && !hit.others.empty()) {
    hit.passage.path = std::move(hit.others.back());
    hit.others.pop_back();
    hit.verdict = verify_path(scope, hit.passage.path, hit.passage.key, &hit.passage.modified);
  }
}

}  // namespace vexfs::engine
