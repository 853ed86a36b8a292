// HitResolver: from slots that a search found to files that its caller may read.
#ifndef VEXFS_ENGINE_SEARCH_HIT_RESOLVER_H_
#define VEXFS_ENGINE_SEARCH_HIT_RESOLVER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/names/directory_set.h"
#include "engine/search/result_scorer.h"
#include "engine/storage/vector_storage_manager.h"
#include "index/search.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::engine {

// Who asks where for what. All is lent.
struct HitScope {
  const tree::Credentials* caller = nullptr;
  int directory = -1;                         // The one that is asked (O_PATH will do).
  DirectoryIndex asked{};                     // The same.
  const DirectorySet* directories = nullptr;  // Those that hits may be in; nullptr: all.
  std::span<const std::string> types;         // As in Query.
  int64_t after = 0;
  bool wants_modified = false;  // ScoredPassage::modified is to be filled.
  bool check_way = false;  // Look again at each directory on the way: rights may change unseen.
};

enum class Verdict : uint8_t {
  kUnknown,     // Not verified yet.
  kGood,        // The path leads to the file, and the caller may read it.
  kGone,        // Nothing owns the slot, or no path leads to its file.
  kUnreadable,  // The caller may not read it.
  kOtherType,
  kTooOld,
};

struct ResolvedHit {
  ScoredPassage passage;            // With the first of its paths.
  std::vector<std::string> others;  // Other paths of the file, when it has several.
  Slot slot = kNoSlot;
  Verdict verdict = Verdict::kUnknown;
};

// Whether a name ends in one of the types, whatever the case of ASCII letters; no types: any.
bool has_type(std::string_view name, std::span<const std::string> types);

// Threads: all methods may run at once.
class HitResolver {
 public:
  HitResolver(tree::Tree& tree, VectorStorageManager& storage) : tree_(tree), storage_(storage) {}

  // Passages, keys and paths of the slots, in one step under the storage's lock, appended to
  // `hits`. KnnSearchEngine::hold() lives since before these slots were found.
  Status resolve(const VectorStorageManager::OpenSpace& space, const HitScope& scope,
                 std::span<const index::Neighbor> neighbors, std::vector<ResolvedHit>& hits);
  // Decides the verdict of one that is unknown, by looking at the file as it is now.
  void verify(const HitScope& scope, ResolvedHit& hit);
  // The same for one path of a file.
  Verdict verify_path(const HitScope& scope, const std::string& path, const ObjectKey& key,
                      int64_t* modified = nullptr);

 private:
  tree::Tree& tree_;
  VectorStorageManager& storage_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_HIT_RESOLVER_H_
