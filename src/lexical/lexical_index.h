// LexicalIndex: passages by the words in them, ranked by BM25 (Robertson and Zaragoza, 2009).
//
// Why not SQLite's FTS5: its bm25() takes 3 to 7 microseconds for each passage that has one of the
// words, so a question of four ordinary words over 100,000 passages takes tens of milliseconds.
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
  uint32_t count = 0;  // Occurrences; more for those in a name or a title.
};

struct Match {
  Slot slot = kNoSlot;
  float score = 0;  // BM25 with k1 = 1.2, b = 0.75; larger is better.
};

// A set of slots: bit s of `words`; those from `slots` on are not in it. No words: all are.
struct SlotSet {
  const uint64_t* words = nullptr;
  uint32_t slots = 0;

  bool has(uint32_t slot) const {
    return words == nullptr || (slot < slots && (words[slot / 64] >> (slot % 64) & 1) != 0);
  }
};

struct Question {
  std::span<const std::string> terms;  // Those that come twice count once.
  uint32_t most = 0;
  // Only these are found, and only those count for how rare a term is and how long a passage is:
  // scores tell nothing of any others.
  SlotSet found = {};
  SlotSet counted = {};
};

// A segment that was written out, and what was added and removed since, in memory. merge() makes
// one segment of both; the owner does so when changed_bytes() has grown, and keeps the image.
//
// Threads: any number of search(); beside them one writer for everything that is not const.
// Searches wait for a put of some microseconds at most.
class LexicalIndex {
 public:
  LexicalIndex();
  ~LexicalIndex();

  // The image of merge(), of a file or of memory, and how to let go of it. Only before the first
  // change. EUCLEAN where it contradicts itself; then the index stays empty.
  Status open(std::span<const std::byte> image, std::function<void()> release);

  // The passage at `slot` has these terms, each once; `length` of them in its text. Replaces what
  // the slot had. ENOSPC at limits::kSlotsMax passages, removed ones that were not merged away
  // included.
  Status put(Slot slot, std::span<const TermCount> terms, uint32_t length);
  void remove(Slot slot);  // Nothing where it has none.

  // The best `most` passages that have one of the terms, best first; ties by slot.
  std::vector<Match> search(const Question& question) const { return search(question, {}, {}); }
  // The same, and in scores[i] what others[i] would have, found or not; 0: none of the terms. In
  // `bound` the score that no passage can reach, however often it has all of the terms; 0 without
  // passages.
  std::vector<Match> search(const Question& question, std::span<const Slot> others,
                            std::span<float> scores, float* bound = nullptr) const;
  // All that have one of the terms, of those in `set`; one may come several times.
  std::vector<Slot> slots_with(std::span<const std::string> terms, const SlotSet& set) const;

  // Everything in one image. Writer; searches go on. Then adopt() what was made of it: the same
  // bytes at an address that lasts.
  Result<std::string> merged() const;
  Status adopt(std::span<const std::byte> image, std::function<void()> release);

  uint32_t size() const;            // Passages.
  std::vector<Slot> slots() const;  // That have one, ascending.
  uint64_t changed_bytes() const;   // Memory that the next merge would free.

 private:
  struct Contents;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::lexical

#endif  // VEXFS_LEXICAL_LEXICAL_INDEX_H_
