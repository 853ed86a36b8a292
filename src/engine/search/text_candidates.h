// TextCandidates: passages that may answer a text, by what they mean and by their words.
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
  TextMatch match;  // Exact, whichever half found it.
};

// As the index of words takes it; nullptr: all.
lexical::SlotSet set_of(const SlotBitmap* bitmap);

// Used by one thread, which holds the space (KnnSearchEngine::hold) while the candidates are used.
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

  // Adds the best `most` of each half (1..limits::kNeighborsMax) among `found`; `counted` are those
  // whose words count. nullptr: all.
  Status gather(uint32_t most, const SlotBitmap* found, const SlotBitmap* counted);
  // Forgets all of them: what counts has changed.
  void clear();

  // Those so far, the ones of a file one after another.
  std::span<const TextCandidate> all() const { return candidates_; }
  bool has(Slot slot) const { return known_.contains(static_cast<uint32_t>(slot)); }
  // Of the last gather(): the BM25 that no passage can have. 0: no words.
  float bm25_bound() const { return bm25_bound_; }
  // Whether the last gather() found all that there is.
  bool exhausted() const { return exhausted_; }
  // What remains can only be found by a larger `most`.
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

  // Of one gather(): those of the first half, then those that only the second one found.
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
