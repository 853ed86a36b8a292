// TextSearch: the files that answer a text best and that its caller may read.
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

// A round takes the best passages by meaning and by words, groups them by file, and looks at files
// in the order of their scores until there are k. Where these are too few, a further round takes
// more passages.
//
// Neither hits nor scores may depend on files that the caller may not read. A score is relative to
// the best cosine and the best BM25, so both are taken of files that were looked at and may be
// read. BM25 depends on how rare words are, so words are counted in files that the caller may see
// and read. When a file turns out to be unreadable after all, its passages no longer count and the
// search starts over.
//
// An object is used once, by one thread with a large stack.
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
  // `seen` is what the caller may see below the scope. `typed` is that part of it that has the
  // types of the query, or `seen` itself where the query has none.
  TextSearch(const Parts& parts, std::shared_ptr<const ScopeFilter> seen,
             std::shared_ptr<const ScopeFilter> typed);

  Status run();

  // After run(): at most k passages, the best first.
  std::vector<ScoredPassage>& passages() { return passages_; }
  const TextCandidates& work() const { return candidates_; }
  uint32_t rounds() const { return rounds_; }
  // Better filters for later queries, where files were refused for a reason that lasts; else
  // nullptr.
  std::shared_ptr<const ScopeFilter> learned_seen() const { return learned_seen_; }
  std::shared_ptr<const ScopeFilter> learned_typed() const { return learned_typed_; }

 private:
  // A file of the candidates.
  struct File {
    ObjectId object = kNoObject;
    std::span<const TextCandidate> passages;
    TextMatch match;  // The largest cosine and the largest BM25 of its passages.
    // Where scores are made of ranks: its ranks in both rankings.
    uint32_t semantic_rank = 0;
    uint32_t lexical_rank = 0;
    bool by_rank = false;
    float score = 0;  // Until the file was looked at, the largest score that it may get.
  };
  // What looking at a file found. It stays through all rounds.
  struct Looked {
    Verdict verdict = Verdict::kUnknown;
    ScoredPassage passage;  // That of `slot`, one of its slots.
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
  std::vector<ObjectId> unreadable_;             // Found unreadable, but counted so far.
  std::vector<File*> chosen_;                    // The best comes first.
  // By object, how many files were folded into it.
  std::unordered_map<uint64_t, uint32_t> duplicates_;
  TextMatch best_;
  std::vector<ScoredPassage> passages_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_TEXT_SEARCH_H_
