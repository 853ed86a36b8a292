// LexicalIndex: finds passages by the words in them, ranked by BM25 (Robertson and Zaragoza, 2009,
// "The Probabilistic Relevance Framework: BM25 and Beyond").
//
// This folder knows passages by their slots and nothing of files, callers or the store: TextIndex
// (engine/indexing) owns an index, keeps its images in files, and searches give it the bitmap of
// what a caller may find. The words themselves are made by text/lexical_terms.h.
//
// SQLite's FTS5 is not used because its bm25() takes 3 to 7 microseconds for each passage that has
// one of the words, so a question of four ordinary words over 100,000 passages takes tens of
// milliseconds.
#ifndef VEXFS_LEXICAL_LEXICAL_INDEX_H_
#define VEXFS_LEXICAL_LEXICAL_INDEX_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/vector_space.h"

namespace vexfs::lexical {

struct TermCount {
  std::string_view term;
  uint32_t count = 0;  // Occurrences. Those in a name or a title may count several times.
};

struct Match {
  Slot slot = kNoSlot;
  float score = 0;  // BM25 with k1 = 1.2 and b = 0.75. Larger is better.
};

// A set of slots, borrowed from its owner. Slot s is in the set if bit s of `words` is set and s is
// less than `slots`. Without words (nullptr) all slots are in it.
struct SlotSet {
  const uint64_t* words = nullptr;
  uint32_t slots = 0;

  bool has(uint32_t slot) const {
    return words == nullptr || (slot < slots && (words[slot / 64] >> (slot % 64) & 1) != 0);
  }
};

struct Question {
  std::span<const std::string> terms;  // A term that comes twice counts once.
  uint32_t most = 0;                   // How many matches to find at most.
  // Only passages of `found` are found. Only those of `counted` decide how rare a term is and how
  // long a passage is on average, so scores reveal nothing about any others.
  SlotSet found = {};
  SlotSet counted = {};
};

// It consists of a segment that was written out (segment.h), and of what was added and removed
// since then, in memory. merged() makes one image of both. The owner does so when changed_bytes()
// has grown, stores the image, and gives it back with adopt().
//
// Threads: any number of threads may call const methods; beside them one writer at a time may call
// merged() and all that is not const. A SharedMutex, which is a leaf, guards the contents; searches
// wait for a put of some microseconds at most. Large stack.
class LexicalIndex {
 public:
  LexicalIndex();
  ~LexicalIndex();

  // Says that the passage at `slot` has these terms, each named once, and that its text is `length`
  // terms long. Replaces what the slot had. ENOSPC at limits::kSlotsMax passages; removed ones
  // count until the next merge.
  Status put(Slot slot, std::span<const TermCount> terms, uint32_t length);
  // Does nothing where the slot has no passage.
  void remove(Slot slot);

  // Finds the best question.most passages that have one of the terms, best first, ties by slot.
  std::vector<Match> search(const Question& question) const { return search(question, {}, {}); }
  // The same, and writes to scores[i] the score of others[i], whether it is found or not; 0 means
  // that it has none of the terms. `bound` gets the score that no passage can reach, however often
  // it has all of the terms; 0 where the index is empty.
  std::vector<Match> search(const Question& question, std::span<const Slot> others,
                            std::span<float> scores, float* bound = nullptr) const;
  // The passages of `set` that have one of the terms. A passage may come several times.
  std::vector<Slot> slots_with(std::span<const std::string> terms, const SlotSet& set) const;

  // Answers one image of everything, for the writer; searches go on meanwhile.
  Result<std::string> merged() const;
  // Takes an image of merged(), in a mapped file or in memory, in place of all there is: at the
  // start, and after each merge. The bytes stay where they are until `release` is called, when the
  // image is no longer used; it is called on failure too. EUCLEAN where the image contradicts
  // itself; then the index stays as it was.
  Status adopt(std::span<const std::byte> image, std::function<void()> release);

  uint32_t size() const;            // How many passages there are.
  std::vector<Slot> slots() const;  // The slots that have a passage, ascending.
  uint64_t changed_bytes() const;   // The memory that the next merge would free.

 private:
  struct Contents;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::lexical

#endif  // VEXFS_LEXICAL_LEXICAL_INDEX_H_
