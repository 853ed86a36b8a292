// TextWords: the words of a text index's passages: a lexical index over the slots of its space, and
// the image of it on disk.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_WORDS_H_
#define VEXFS_ENGINE_INDEXING_TEXT_WORDS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/indexing/text_terms.h"
#include "engine/storage/vector_storage_manager.h"
#include "lexical/lexical_index.h"
#include "store/rows.h"

namespace vexfs::engine {

// The catalog is the truth; words are derived from the files. An image holds the words of all
// passages up to a change of the catalog; the next start takes it over and reads the words of later
// passages again.
//
// Threads: load(), put() and write_image() belong to one thread, the keeper's (load() runs before
// it starts); forget() may be called from any, and searches may run at any time. Large stack.
class TextWords {
 public:
  // `storage` must outlive it.
  TextWords(VectorStorageManager& storage, VectorStorageManager::OpenSpace space)
      : storage_(storage), space_(std::move(space)) {}

  // Takes over the newest image. Returns the objects that have a passage whose words it lacks.
  Result<std::vector<store::ObjectId>> load();
  // The slot's passage has these words.
  Status put(Slot slot, const PassageTerms& terms);
  // The slots have no passage any more.
  void forget(std::span<const Slot> slots);
  // Bytes of words that are in no image.
  uint64_t changed_bytes() const { return lexical_.changed_bytes(); }
  // Writes all words beside the old image, renames, and goes on with the new one. The words of no
  // passage may be missing then. Searches and forget() go on meanwhile.
  Status write_image();

  // For searches. A slot that it gives may have no passage any more.
  const lexical::LexicalIndex& index() const { return lexical_; }

 private:
  Result<std::vector<store::ObjectId>> remove_stale_slots(store::ChangeNumber image);
  Status replace_image(store::ChangeNumber change);

  VectorStorageManager& storage_;
  const VectorStorageManager::OpenSpace space_;

  // A leaf. Held over each change of the lexical index, so that they come one at a time.
  Mutex mutex_;
  lexical::LexicalIndex lexical_;  // Has its own locks for searches.
  bool merging_ GUARDED_BY(mutex_) = false;
  // Slots that were forgotten while an image was made, which still has them: they are forgotten
  // again once it is in use.
  std::vector<Slot> forgotten_ GUARDED_BY(mutex_);
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_WORDS_H_
