// TextSearch: a text's best files that its caller may read, with their best passages.
#ifndef VEXFS_ENGINE_SEARCH_TEXT_SEARCH_H_
#define VEXFS_ENGINE_SEARCH_TEXT_SEARCH_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "engine/search/hit_resolver.h"
#include "engine/search/readable_files.h"
#include "engine/search/result_scorer.h"
#include "engine/search/scope_filters.h"
#include "engine/search/text_candidates.h"

namespace vexfs::engine {

// Used once, by one thread with a large stack.
//
// A round takes the best passages by meaning and by words, groups them by file, and looks at files
// in order of their scores until there are k. Too few: a further round takes more passages. A score
// is relative to the best cosine and the best BM25, and BM25 to how rare words are: the best are
// those of files that were looked at and may be read, and words are counted in files that the
// caller may see and read. When a file turns out to be unreadable after all its passages count no
// more, and the search starts over.
class TextSearch {
 public:
  struct Parts {
    HitResolver& resolver;
    ScopeFilters& filters;
    ReadableFiles& readable;
    VectorStorageManager& storage;
    const VectorStorageManager::OpenSpace& space;
    const lexical::LexicalIndex& lexical;
    const HitScope& scope;
    const Query& query;
    const TextQuestion& question;
    ReadableFiles::Stamp rights;
    int64_t now = 0;  // Seconds since the epoch.
  };
  // What the caller may see below the scope; and with the types of the query (the same without).
  TextSearch(const Parts& parts, std::shared_ptr<const ScopeFilter> seen,
             std::shared_ptr<const ScopeFilter> typed);

  Status run();

  // Best first, at most k.
  std::vector<ScoredPassage>& passages() { return passages_; }
  const TextCandidates& work() const { return candidates_; }
  uint32_t rounds() const { return rounds_; }
  // Better filters for later queries, if files were refused for a reason that lasts: else nullptr.
  std::shared_ptr<const ScopeFilter> learned_seen() const { return learned_seen_; }
  std::shared_ptr<const ScopeFilter> learned_typed() const { return learned_typed_; }

 private:
  // A file of the candidates.
  struct File {
    ObjectId object = kNoObject;
    std::span<const TextCandidate> passages;
    TextMatch match;  // The best of each of its passages.
    uint32_t semantic_rank = 0;
    uint32_t lexical_rank = 0;
    bool by_rank = false;
    float score = 0;  // At most, until it was looked at.
  };
  // What looking at a file found. Kept through all rounds.
  struct Looked {
    Verdict verdict = Verdict::kUnknown;
    ScoredPassage passage;  // Of one of its slots.
    Slot slot = kNoSlot;
    float path_part = 0;
  };

  const SlotBitmap* counted() const { return seen_->slots.get(); }
  void group();
  Status look(std::span<const File* const> files);
  Status look_at_best(TextMatch& best);
  Status score_files(const TextScorer& scorer);
  Status rank_files();
  float final_score(const TextScorer& scorer, const File& file, const Looked& looked) const;
  Status take_good(const TextScorer& scorer, size_t want, size_t& next, std::vector<File*>& good);
  Status choose(const TextScorer& scorer);
  static const TextCandidate& best_of(const TextScorer& scorer, const File& file);
  Status fold(const TextScorer& scorer);
  Status show(const TextScorer& scorer);
  Status find_passage(const TextScorer& scorer, const File& file, Looked& looked);
  Status find_unreadable();
  Status leave_out_unreadable();
  Status widen();

  const Parts parts_;
  std::shared_ptr<const ScopeFilter> seen_;
  std::shared_ptr<const ScopeFilter> typed_;
  std::shared_ptr<const SlotBitmap> found_;  // What the next round may find; nullptr: all.
  std::shared_ptr<const ScopeFilter> learned_seen_;
  std::shared_ptr<const ScopeFilter> learned_typed_;
  TextCandidates candidates_;
  uint32_t most_ = 0;
  uint32_t rounds_ = 0;

  std::vector<File> files_;
  std::unordered_map<uint64_t, Looked> looked_;  // By object.
  std::vector<ObjectId> unreadable_;             // Found so, and still counted.
  std::vector<File*> chosen_;                    // Best first.
  std::unordered_map<uint64_t, uint32_t> duplicates_;
  TextMatch best_;
  std::vector<ScoredPassage> passages_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_TEXT_SEARCH_H_
