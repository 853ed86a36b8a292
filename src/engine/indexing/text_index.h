// TextIndex: the searchable text of files: the vectors of their passages in a space, and their
// words in a lexical index over the same slots.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_INDEX_H_
#define VEXFS_ENGINE_INDEXING_TEXT_INDEX_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "engine/indexing/searchable_text.h"
#include "engine/indexing/text_words.h"
#include "engine/storage/vector_storage_manager.h"
#include "lexical/lexical_index.h"
#include "store/rows.h"
#include "text/embedder.h"
#include "tree/tree.h"

namespace vexfs::engine {

// The row of the space of that name, if there is one.
std::optional<store::Space> find_space(const VectorStorageManager& storage, std::string_view name);

// One embedder and the space that it fills. Each passage of a file has a slot; a file of several
// passages has one slot more, for the whole file (its range is 0..0). A search holds the space
// (KnnSearchEngine::hold) from before it asks for vectors or words until it has looked up the
// slots; a slot that the words give may have no passage any more.
//
// Threads: all methods may run at once, on large stacks. An index may be kept after another
// embedder's has taken its place, but not longer than the storage.
class TextIndex {
 public:
  // The name of the space; users can neither make nor fill it.
  static constexpr const char* kSpace = kTextSpace;

  // Opens the space of that name. If there is none, `create` makes it; else ENODATA.
  // EEXIST: a user's space has its name. EBUSY: another embedder filled it.
  static Result<std::shared_ptr<TextIndex>> open(tree::Tree& tree, VectorStorageManager& storage,
                                                 std::shared_ptr<const text::Embedder> embedder,
                                                 bool create, std::string_view name = kSpace);

  const std::shared_ptr<const text::Embedder>& embedder() const { return embedder_; }
  VectorStorageManager::OpenSpace space() const { return space_; }
  TextWords& words() { return words_; }
  const lexical::LexicalIndex& lexical() const { return words_.index(); }
  // Reads the text of a passage: at most `most` bytes, in whole characters. For the passage of the
  // whole file it is the file's beginning. ESTALE if the file has changed since it was indexed;
  // else it fails as opening and reading the file do.
  Status read_text(const store::ObjectKey& file, const store::Passage& passage, size_t most,
                   std::string& out) const;
  // Whether all files have been looked at and none waits.
  bool complete() const { return complete_; }
  void set_complete(bool complete);
  // Grows when documents become searchable, or are no longer found.
  uint64_t generation() const { return generation_; }
  void changed() { ++generation_; }

 private:
  TextIndex(tree::Tree& tree, VectorStorageManager& storage,
            std::shared_ptr<const text::Embedder> embedder, VectorStorageManager::OpenSpace space);

  tree::Tree& tree_;
  VectorStorageManager& storage_;
  const std::shared_ptr<const text::Embedder> embedder_;
  const VectorStorageManager::OpenSpace space_;
  TextWords words_;
  std::atomic<bool> complete_{false};
  std::atomic<uint64_t> generation_{0};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_INDEX_H_
