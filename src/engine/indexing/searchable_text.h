// SearchableText: what a search needs of the text index: vectors, words and passages.
#ifndef VEXFS_ENGINE_INDEXING_SEARCHABLE_TEXT_H_
#define VEXFS_ENGINE_INDEXING_SEARCHABLE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "engine/storage/vector_storage_manager.h"
#include "lexical/lexical_index.h"
#include "store/rows.h"
#include "text/embedder.h"
#include "tree/tree.h"

namespace vexfs::engine {

// The name of the space with the vectors of text.
inline constexpr const char* kTextSpace = "text";
// The name of the space that is to take its place. Users can create neither.
inline constexpr const char* kNextTextSpace = "text~";
inline bool is_text_space(std::string_view name) {
  return name == kTextSpace || name == kNextTextSpace;
}

// The passages' vectors are in `space` and their words in `lexical`, over the same slots.
struct SearchableText {
  std::shared_ptr<const void> keeper;  // The pointers below are valid as long as this lives.
  VectorStorageManager::OpenSpace space;
  const text::Embedder* embedder = nullptr;
  const lexical::LexicalIndex* lexical = nullptr;
  // At most `most` bytes of a passage, in whole characters; fails where the file has changed.
  std::function<Status(const store::ObjectKey& file, const store::Passage& passage, size_t most,
                       std::string& out)>
      read_text;
  // Both as of the moment when this was made.
  uint64_t generation = 0;  // Grows when a search may find something else.
  bool complete = false;    // All files have been looked at and none waits.
};

// Gives the current index. ENODATA if no text is indexed; with `create` it starts indexing instead.
// May be called from several threads at once, on large stacks.
using TextProvider = std::function<Result<SearchableText>(bool create)>;

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_SEARCHABLE_TEXT_H_
