// TextIndex: what files say, searchable: the space of their passages' vectors and the lexical index
// of their words, over the same slots.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_INDEX_H_
#define VEXFS_ENGINE_INDEXING_TEXT_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/indexing/searchable_text.h"
#include "engine/indexing/text_terms.h"
#include "engine/storage/vector_storage_manager.h"
#include "lexical/lexical_index.h"
#include "store/rows.h"
#include "text/embedder.h"
#include "tree/tree.h"

namespace vexfs::engine {

// One embedder and the space that it fills. Passages of a file have a slot each, the whole file
// has one more (a range of 0..0) where there are several. A search holds the space
// (KnnSearchEngine::hold) from before it asks either half until its slots are looked up; a slot
// that the lexical half gives may have no passage any more.
//
// Threads: all methods may run at once, on large stacks. It may be kept beyond a change of the
// embedder, but not beyond the storage.
class TextIndex {
 public:
  // The name of the space; users can neither make nor fill it.
  static constexpr const char* kSpace = kTextSpace;

  // The space of that name, with `create` made where there is none; else ENODATA.
  // EEXIST: a user's space has its name. EBUSY: another embedder filled it.
  static Result<std::shared_ptr<TextIndex>> open(tree::Tree& tree, VectorStorageManager& storage,
                                                 std::shared_ptr<const text::Embedder> embedder,
                                                 bool create, std::string_view name = kSpace);
  ~TextIndex();

  // --- For searches
  const std::shared_ptr<const text::Embedder>& embedder() const;
  VectorStorageManager::OpenSpace space() const;
  const lexical::LexicalIndex& lexical() const;
  // The text of a passage, at most `most` bytes of it, in whole characters; of the whole file's
  // passage its beginning. ESTALE where the file has changed since; what opening and reading it
  // answer.
  Status read_text(const store::ObjectKey& file, const store::Passage& passage, size_t most,
                   std::string& out) const;
  // Whether all files were looked at and none waits.
  bool complete() const;
  // Grows when documents become searchable, or are found no more.
  uint64_t generation() const;

  // --- For the indexer: its keeper's thread alone, but for forget_words().
  // Takes over the newest lexical image. Objects of which it lacks the words of some passage.
  Result<std::vector<store::ObjectId>> load_words();
  Status put_words(Slot slot, const PassageTerms& terms);
  void forget_words(std::span<const Slot> slots);  // Any thread.
  // Something became searchable.
  void changed();
  void set_complete(bool complete);
  // Bytes of words that are in no image. Nothing may lack its words when one is written; searches
  // go on.
  uint64_t changed_bytes() const;
  Status write_image();

 private:
  struct State;
  explicit TextIndex(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_INDEX_H_
