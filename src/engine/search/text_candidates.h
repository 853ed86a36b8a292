// TextCandidates: the passages that may answer a text, by what they mean and by their words.
#ifndef VEXFS_ENGINE_SEARCH_TEXT_CANDIDATES_H_
#define VEXFS_ENGINE_SEARCH_TEXT_CANDIDATES_H_

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/status.h"
#include "engine/search/result_scorer.h"
#include "engine/search/text_question.h"
#include "engine/space/slot_bitmap.h"
#include "engine/storage/vector_storage_manager.h"
#include "index/search.h"
#include "lexical/lexical_index.h"

namespace vexfs::engine {

struct TextCandidate {
  Slot slot = kNoSlot;
  ObjectId object = kNoObject;
  TextMatch match;  // Both measures are exact, whichever half found the passage.
};

// The bitmap in the form that the lexical index takes. nullptr stands for all slots.
lexical::SlotSet set_of(const SlotBitmap* bitmap);

// The two halves of a search by text are the vector index, asked with the text's vector, and the
// lexical index, asked with its terms. gather() asks both and completes the measures that only one
// of them has, so that a score never depends on which half found a passage.
//
// One thread uses an object, and holds the space (KnnSearchEngine::hold) as long as it uses the
// candidates.
class TextCandidates {
 public:
  struct Parts {
    VectorStorageManager& storage;
    const VectorStorageManager::OpenSpace& space;
    const lexical::LexicalIndex& lexical;
    const TextQuestion& question;
    uint32_t ef = 0;  // As in Query.
    bool exact = false;
  };
  explicit TextCandidates(const Parts& parts) : parts_(parts), exact_(parts.exact) {}

  // Adds the best `most` (1..limits::kNeighborsMax) of each half among the slots `found`. How rare
  // a word is follows from the slots `counted`. nullptr stands for all slots.
  Status gather(uint32_t most, const SlotBitmap* found, const SlotBitmap* counted);
  // Forgets all candidates, because the slots that count have changed.
  void clear();

  // The candidates of all rounds so far. Those of one file stand together.
  std::span<const TextCandidate> all() const { return candidates_; }
  bool has(Slot slot) const { return known_.contains(static_cast<uint32_t>(slot)); }
  // The BM25 that no passage can exceed, by the last gather(). 0 where no words were asked.
  float bm25_bound() const { return bm25_bound_; }
  // Whether the last gather() found all that there is.
  bool exhausted() const { return exhausted_; }
  // Whether `most` cut the last gather(), so that a larger one would find more.
  bool cut() const { return cut_; }
  const index::SearchWork& last_work() const { return work_; }
  const index::SearchWork& all_work() const { return sum_; }

 private:
  Status ask_meaning(uint32_t most, const SlotBitmap* found);
  Status ask_words(uint32_t most, const SlotBitmap* found, const SlotBitmap* counted);
  Status measure();

  const Parts parts_;
  bool exact_;
  bool exhausted_ = false;
  bool cut_ = false;
  float bm25_bound_ = 0;

  // What one gather() works with. The first near_ slots are those that the vector index found;
  // behind them are those that only the lexical index found.
  std::vector<index::Neighbor> neighbors_;
  std::vector<Slot> slots_;
  std::vector<TextMatch> matches_;
  size_t near_ = 0;
  std::vector<float> numbers_;
  std::vector<ObjectId> objects_;

  std::vector<TextCandidate> candidates_;
  std::unordered_set<uint32_t> known_;
  index::SearchWork work_;
  index::SearchWork sum_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_TEXT_CANDIDATES_H_
