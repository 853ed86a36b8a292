// HitResolver: finds the files of slots that a search found, and whether the caller may read them.
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

// One search's caller, scope and filters. It owns nothing that it points to.
struct HitScope {
  const tree::Credentials* caller = nullptr;
  // The directory that is asked, as a descriptor (O_PATH will do) and as the catalog knows it.
  int directory = -1;
  DirectoryIndex asked{};
  const DirectorySet* directories = nullptr;  // Those that hits may be in; nullptr: all.
  std::span<const std::string> types;         // As in Query.
  int64_t after = 0;                          // As in Query.
  bool wants_modified = false;                // Whether to fill ScoredPassage::modified.
  // Whether to check each directory between `directory` and the file again, because rights may have
  // changed without notice.
  bool check_way = false;
};

enum class Verdict : uint8_t {
  kUnknown,     // The file was not looked at yet.
  kGood,        // The path leads to the file, and the caller may read it.
  kGone,        // Nothing owns the slot, or no path leads to its file.
  kUnreadable,  // The caller may not read the file.
  kOtherType,   // None of its names has a type of HitScope::types.
  kTooOld,      // It was modified before HitScope::after.
};

struct ResolvedHit {
  ScoredPassage passage;  // With the path that comes first by its bytes.
  // The other paths of a file with several links, the last by its bytes first.
  std::vector<std::string> others;
  Slot slot = kNoSlot;
  Verdict verdict = Verdict::kUnknown;
};

// Whether a name ends in one of the types, whatever the case of ASCII letters. Without types every
// name does.
bool has_type(std::string_view name, std::span<const std::string> types);

// The catalog names a file's paths; the tree decides whether a path leads to that very file now,
// and whether the caller may read it. So a hit is right even where the catalog lags behind the
// tree.
//
// Threads: all methods may run at once.
class HitResolver {
 public:
  HitResolver(tree::Tree& tree, VectorStorageManager& storage) : tree_(tree), storage_(storage) {}

  // Appends passages, keys and paths of the slots to `hits`, in one step under the storage's lock.
  // The caller has held the space (KnnSearchEngine::hold) since before it found the slots, so that
  // none was given to another vector.
  Status resolve(const VectorStorageManager::OpenSpace& space, const HitScope& scope,
                 std::span<const index::Neighbor> neighbors, std::vector<ResolvedHit>& hits);
  // Decides an unknown verdict by looking at the file as it is now, by each of its paths until one
  // leads to it.
  void verify(const HitScope& scope, ResolvedHit& hit);
  // The same for one path of a file. Fills `modified` where the verdict needed the attributes.
  Verdict verify_path(const HitScope& scope, const std::string& path, const ObjectKey& key,
                      int64_t* modified = nullptr);

 private:
  tree::Tree& tree_;
  VectorStorageManager& storage_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_HIT_RESOLVER_H_
