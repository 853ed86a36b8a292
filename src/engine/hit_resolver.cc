// The catalog says where a file should be; the tree has the last word.
#include "engine/hit_resolver.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "engine/caller_access.h"
#include "engine/open_beneath.h"

namespace vexfs::engine {
namespace {

struct Name {
  DirectoryIndex directory;
  std::string name;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_but_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// The names of an object that its caller may learn, and whether there were any of another type.
Status names_of(const NameTable& names, const HitScope& scope, ObjectId object,
                std::vector<Name>& found, bool& other_type) {
  return names.names_of(object, [&](DirectoryIndex directory, std::string_view name) {
    if (scope.directories != nullptr && !scope.directories->has(directory)) return true;
    if (!has_type(name, scope.types)) {
      other_type = true;
      return true;
    }
    found.push_back({directory, std::string(name)});
    return found.size() < limits::kHitNamesMax;
  });
}

Status paths_of(const NameTable& names, const HitScope& scope, ResolvedHit& hit,
                std::vector<Name>& found) {
  found.clear();
  bool other_type = false;
  VEXFS_CHECK_OK(names_of(names, scope, hit.passage.passage.object, found, other_type));
  for (const Name& name : found) {
    std::string path;
    if (!names.directory_path(name.directory, scope.asked, path).ok()) continue;  // Not below.
    if (!path.empty()) path += '/';
    path += name.name;
    hit.others.push_back(std::move(path));
  }
  if (hit.others.empty()) {
    hit.verdict = found.empty() && other_type ? Verdict::kOtherType : Verdict::kGone;
    return {};
  }
  if (hit.others.size() > 1) std::sort(hit.others.rbegin(), hit.others.rend());
  hit.passage.path = std::move(hit.others.back());
  hit.others.pop_back();
  return {};
}

}  // namespace

bool has_type(std::string_view name, std::span<const std::string_view> types) {
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
  storage_.locked([&](store::Catalog& catalog, NameTable& names) {
    status = [&]() -> Status {
      std::vector<Name> found;
      for (const index::Neighbor& neighbor : neighbors) {
        ResolvedHit& hit = hits.emplace_back();
        hit.slot = neighbor.slot;
        hit.verdict = Verdict::kGone;
        hit.passage.distance = neighbor.distance;
        VEXFS_TRY(passage, catalog.passage_at(space.id, neighbor.slot));
        if (!passage.has_value()) continue;
        VEXFS_TRY(key, catalog.key_of(passage->object));
        if (!key.has_value()) continue;
        hit.passage.passage = *passage;
        hit.passage.key = *key;
        hit.verdict = Verdict::kUnknown;
        VEXFS_CHECK_OK(paths_of(names, scope, hit, found));
      }
      return {};
    }();
  });
  return status;
}

Verdict HitResolver::verify_path(const HitScope& scope, const std::string& path,
                                 const ObjectKey& key, int64_t* modified) {
  const auto file = scope.check_way ? open_for(*scope.caller, scope.directory, path)
                                    : open_beneath(scope.directory, path, O_PATH | O_NOFOLLOW);
  if (!file.ok()) return file.error() == EACCES ? Verdict::kUnreadable : Verdict::kGone;
  const int fd = file.value().get();
  const auto found = tree_.key_of(fd);
  if (!found.ok() || !(found.value() == key)) return Verdict::kGone;
  if (scope.caller->sees_all() && scope.after == 0 && !scope.wants_modified) return Verdict::kGood;
  struct stat attributes;
  const auto readable = may_access(*scope.caller, fd, R_OK, attributes);
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
