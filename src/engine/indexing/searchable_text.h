// SearchableText: the index of texts, as a search takes it.
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

// The name of the space that it fills.
inline constexpr const char* kTextSpace = "text";
// And of the one that is to take its place. Users can make neither.
inline constexpr const char* kNextTextSpace = "text~";
inline bool is_text_space(std::string_view name) {
  return name == kTextSpace || name == kNextTextSpace;
}

// Passages of texts: their vectors in `space`, their words in `lexical`, over the same slots.
struct SearchableText {
  std::shared_ptr<const void> keeper;  // What is lent here lives as long.
  VectorStorageManager::OpenSpace space;
  const text::Embedder* embedder = nullptr;
  const lexical::LexicalIndex* lexical = nullptr;
  // At most `most` bytes of a passage, in whole characters; fails where the file has changed.
  std::function<Status(const store::ObjectKey& file, const store::Passage& passage, size_t most,
                       std::string& out)>
      read_text;
  uint64_t generation = 0;  // Grows when a search may find something else; as of now.
  bool complete = false;    // All files were looked at and none waits; as of now.
};

// ENODATA where no text is indexed; `create` begins with it. Any number at once, large stacks.
using TextProvider = std::function<Result<SearchableText>(bool create)>;

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_SEARCHABLE_TEXT_H_
