// What callers of VectorStorageManager give and get: OpenSpace, DocumentPart, LexicalImage.
#ifndef VEXFS_ENGINE_STORAGE_STORAGE_VALUES_H_
#define VEXFS_ENGINE_STORAGE_STORAGE_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/vector_space.h"
#include "engine/space/knn_search_engine.h"
#include "store/rows.h"

namespace vexfs::engine {

// The space stays open while `knn` is held, even when it is dropped meanwhile, but not longer than
// the VectorStorageManager lives. A caller that goes from slots to passages holds them
// (KnnSearchEngine::hold) from before the search on.
struct OpenSpace {
  store::SpaceId id{};
  std::string name;
  SpaceParameters parameters;
  std::shared_ptr<KnnSearchEngine> knn;
};

// Passages of a file that follow one another, and what is known of the file. Spans and pointers
// must stay valid until put_documents() returns.
struct DocumentPart {
  store::ObjectKey key;
  // The file was seen as `name` in this directory; nullptr: it is known by its key only.
  const store::ObjectKey* directory = nullptr;
  std::string_view name;
  uint64_t inode = 0;
  store::Document row;         // Its object is found, or made.
  bool puts_passages = false;  // False: the document keeps the passages that it has.
  uint32_t first_ordinal = 0;
  bool last = true;  // The document has no passages behind these any more.
  // The part goes into a space that is to take the place of the document's. Only size and time of
  // `row` count: the answer is ESTALE where the document has others by now, is not fresh, or has
  // not that name.
  bool beside = false;
  std::span<const store::Passage> passages;
  const float* vectors = nullptr;  // A row for each passage.

  // --- The result.
  Status status;
  std::vector<Slot> slots;
};

struct LexicalImage {
  store::ChangeNumber change = 0;  // It holds everything up to this change.
  std::span<const std::byte> bytes;
  std::function<void()> release;  // Ends the mapping of the bytes.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_STORAGE_VALUES_H_
