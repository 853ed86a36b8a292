// Passages are numbered through two parts: those of the segment come first, then those in memory. A
// removed passage keeps its number until the next merge; it is gone because its slot no longer
// leads to that number.
//
// A search adds up scores term by term, the rarest term first. Once enough passages score higher
// than the remaining, commoner terms could give, those terms are only added to passages that have a
// score already. This is the idea of MaxScore (Turtle and Flood, 1995, "Query evaluation:
// strategies and optimizations").
#include "lexical/lexical_index.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <functional>
#include <unordered_map>

#include "base/limits.h"
#include "base/mutex.h"
#include "lexical/segment.h"

namespace vexfs::lexical {
namespace {

// BM25's usual parameters: how soon repeated terms stop to count, and how much length matters.
constexpr float kK1 = 1.2F;
constexpr float kB = 0.75F;
constexpr DocNumber kNoDoc = UINT32_MAX;
// The score of a passage that is to be scored but has none of the terms so far. It is too small to
// change a score that it is added to.
constexpr float kWanted = 1e-30F;

// The postings of a term in memory.
struct RecentTerm {
  PostingsWriter postings;
  uint32_t docs = 0;
};

// One term of a question.
struct TermPostings {
  std::vector<Posting> postings;
  float idf = 0;
  float rest_most = 0;  // This term and those after it together add less than this to any score.
};

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using RecentTerms = std::unordered_map<std::string, RecentTerm, StringHash, std::equal_to<>>;

// The order of matches. A heap in this order has the worst of the best in front.
bool better(const Match& a, const Match& b) {
  return a.score != b.score ? a.score > b.score : a.slot < b.slot;
}

}  // namespace

// What the index knows. It has no lock of its own: LexicalIndex::State guards it.
struct LexicalIndex::Contents {
  Contents() = default;
  Contents(const Contents&) = delete;
  Contents& operator=(const Contents&) = delete;
  ~Contents() {
    if (release) release();
  }

  // The number of passages, removed ones included.
  DocNumber all_docs() const {
    return static_cast<DocNumber>(segment.docs().size() + recent_docs.size());
  }
  // The row of a passage; `number` is less than all_docs().
  const DocRow& doc(DocNumber number) const {
    const size_t first_recent = segment.docs().size();
    return number < first_recent ? segment.docs()[number] : recent_docs[number - first_recent];
  }
  bool alive(DocNumber number) const {
    if (size == all_docs()) return true;
    const auto slot = doc(number).slot;
    return slot < doc_of_slot.size() && doc_of_slot[slot] == number;
  }
  // Calls `visit` with the postings of the term whose passages were not removed.
  template <typename Visit>
  void for_each_posting(std::string_view term, Visit visit) const;
  // Fills doc_of_slot, size and total_length from the segment. EUCLEAN where a slot is impossible.
  Status index_docs();
  void forget(uint32_t slot);
  // How many passages count, and how many terms they have together.
  struct Lengths {
    uint32_t passages = 0;
    uint64_t terms = 0;
  };
  Lengths lengths(const SlotSet& counted) const;
  DocNumber doc_at(Slot slot) const {
    const auto number = static_cast<uint32_t>(slot);
    return number < doc_of_slot.size() ? doc_of_slot[number] : kNoDoc;
  }
  size_t postings_most(std::string_view term) const;
  std::vector<TermPostings> postings_of(const Question& question, float passages) const;
  float last_of_best(const Question& question, const std::vector<float>& scores,
                     const std::vector<DocNumber>& touched) const;
  // Answers scores by document number. Those of `others` and of the best passages are exact; those
  // of the rest may be too small. `touched` gets the documents that have a score or kWanted,
  // `bound` the score that none can reach.
  std::vector<float> score(const Question& question, std::span<const Slot> others,
                           std::vector<DocNumber>& touched, float& bound) const;

  Segment segment;
  std::function<void()> release;  // Releases the segment's image.
  std::vector<DocRow> recent_docs;
  RecentTerms recent_terms;
  std::vector<DocNumber> doc_of_slot;  // kNoDoc where the slot has no passage.
  uint32_t size = 0;
  uint64_t total_length = 0;  // The terms of all passages that were not removed.
  uint64_t changed_bytes = 0;
};

struct LexicalIndex::State {
  mutable SharedMutex mutex;  // A leaf: nothing is locked under it.
  std::unique_ptr<Contents> contents GUARDED_BY(mutex) = std::make_unique<Contents>();
};

template <typename Visit>
void LexicalIndex::Contents::for_each_posting(std::string_view term, Visit visit) const {
  Posting posting;
  const uint32_t row = segment.find(term);
  const auto first_recent = static_cast<DocNumber>(segment.docs().size());
  if (row != segment.terms()) {
    PostingsReader reader = segment.postings(row);
    while (reader.next(posting) && posting.doc < first_recent) {
      if (alive(posting.doc)) visit(posting);
    }
  }
  const auto recent = recent_terms.find(term);
  if (recent == recent_terms.end()) return;
  const std::string& bytes = recent->second.postings.bytes();
  PostingsReader reader(std::as_bytes(std::span(bytes.data(), bytes.size())));
  while (reader.next(posting)) {
    posting.doc += first_recent;
    if (alive(posting.doc)) visit(posting);
  }
}

Status LexicalIndex::Contents::index_docs() {
  for (const DocRow& row : segment.docs()) {
    if (row.slot >= limits::kSlotsMax) return Status(EUCLEAN, "lexical image: a slot");
    if (row.slot >= doc_of_slot.size()) doc_of_slot.resize(size_t{row.slot} + 1, kNoDoc);
    if (doc_of_slot[row.slot] != kNoDoc) return Status(EUCLEAN, "lexical image: a slot twice");
    doc_of_slot[row.slot] = size++;
    total_length += row.length;
  }
  return {};
}

LexicalIndex::LexicalIndex() : state_(std::make_unique<State>()) {}
LexicalIndex::~LexicalIndex() = default;

Status LexicalIndex::adopt(std::span<const std::byte> image, std::function<void()> release) {
  auto next = std::make_unique<Contents>();
  next->release = std::move(release);
  VEXFS_TRY(segment, Segment::open(image));
  next->segment = segment;
  VEXFS_CHECK_OK(next->index_docs());
  {
    const WriterLock lock(state_->mutex);
    state_->contents.swap(next);
  }
  return {};  // What was there before is freed here, while searches go on.
}

Status LexicalIndex::put(Slot slot, std::span<const TermCount> terms, uint32_t length) {
  const auto number = static_cast<uint32_t>(slot);
  if (number >= limits::kSlotsMax) return Status(EINVAL, "lexical: slot");
  remove(slot);
  const WriterLock lock(state_->mutex);
  Contents& contents = *state_->contents;
  if (contents.all_docs() >= limits::kSlotsMax) return Status(ENOSPC, "lexical: passages");
  const auto recent = static_cast<DocNumber>(contents.recent_docs.size());
  for (const TermCount& term : terms) {
    auto found = contents.recent_terms.find(term.term);
    if (found == contents.recent_terms.end()) {
      found = contents.recent_terms.emplace(term.term, RecentTerm()).first;
      contents.changed_bytes += sizeof(*found) + term.term.size() + 2 * sizeof(void*);
    }
    const size_t before = found->second.postings.bytes().size();
    found->second.postings.add({recent, term.count});
    ++found->second.docs;
    contents.changed_bytes += found->second.postings.bytes().size() - before;
  }
  if (number >= contents.doc_of_slot.size())
    contents.doc_of_slot.resize(size_t{number} + 1, kNoDoc);
  contents.doc_of_slot[number] = contents.all_docs();
  contents.recent_docs.push_back({number, length});
  contents.changed_bytes += sizeof(DocRow);
  ++contents.size;
  contents.total_length += length;
  return {};
}

void LexicalIndex::remove(Slot slot) {
  const WriterLock lock(state_->mutex);
  state_->contents->forget(static_cast<uint32_t>(slot));
}

void LexicalIndex::Contents::forget(uint32_t slot) {
  if (slot >= doc_of_slot.size() || doc_of_slot[slot] == kNoDoc) return;
  total_length -= doc(doc_of_slot[slot]).length;
  doc_of_slot[slot] = kNoDoc;
  --size;
  changed_bytes += sizeof(DocRow);
}

LexicalIndex::Contents::Lengths LexicalIndex::Contents::lengths(const SlotSet& counted) const {
  Lengths lengths{size, total_length};
  if (counted.words != nullptr) {
    lengths = {};
    const auto end = std::min<size_t>(doc_of_slot.size(), counted.slots);
    for (size_t first = 0; first < end; first += 64) {
      for (uint64_t word = counted.words[first / 64]; word != 0; word &= word - 1) {
        const size_t slot = first + static_cast<size_t>(std::countr_zero(word));
        if (slot >= end || doc_of_slot[slot] == kNoDoc) continue;
        ++lengths.passages;
        lengths.terms += doc(doc_of_slot[slot]).length;
      }
    }
  }
  return lengths;
}

// At most so many postings the term has; those of removed passages are counted.
size_t LexicalIndex::Contents::postings_most(std::string_view term) const {
  const uint32_t row = segment.find(term);
  const auto recent = recent_terms.find(term);
  return size_t{row == segment.terms() ? 0 : segment.doc_count(row)} +
         (recent == recent_terms.end() ? 0 : recent->second.docs);
}

// The terms of the question, each once, with their postings. The rarest come first: they weigh
// most, so the commonest ones, which most passages have, need only be added to passages that have
// one of the others.
std::vector<TermPostings> LexicalIndex::Contents::postings_of(const Question& question,
                                                              float passages) const {
  std::vector<TermPostings> terms;
  for (size_t i = 0; i < question.terms.size(); ++i) {
    const auto before = question.terms.first(i);
    if (std::find(before.begin(), before.end(), question.terms[i]) != before.end()) continue;
    TermPostings& term = terms.emplace_back();
    term.postings.reserve(postings_most(question.terms[i]));
    for_each_posting(question.terms[i],
                     [&](const Posting& posting) { term.postings.push_back(posting); });
    size_t counted = term.postings.size();
    if (question.counted.words != nullptr) {
      counted = static_cast<size_t>(std::count_if(
          term.postings.begin(), term.postings.end(),
          [&](const Posting& posting) { return question.counted.has(doc(posting.doc).slot); }));
    }
    const auto docs = static_cast<float>(counted);
    term.idf = std::log(1 + (passages - docs + 0.5F) / (docs + 0.5F));
  }
  std::stable_sort(terms.begin(), terms.end(),
                   [](const TermPostings& a, const TermPostings& b) { return a.idf > b.idf; });
  float rest = 0;
  for (size_t i = terms.size(); i-- > 0;) {
    rest += terms[i].idf * (kK1 + 1);  // count / (count + norm) is less than 1.
    terms[i].rest_most = rest;
  }
  return terms;
}

// The lowest score among the best `most` passages that may be found; 0 where there are fewer.
float LexicalIndex::Contents::last_of_best(const Question& question,
                                           const std::vector<float>& scores,
                                           const std::vector<DocNumber>& touched) const {
  if (touched.size() < question.most) return 0;
  std::vector<float> found;
  for (const DocNumber number : touched) {
    if (question.found.has(doc(number).slot)) found.push_back(scores[number]);
  }
  if (found.size() < question.most) return 0;
  const auto last = found.begin() + static_cast<std::ptrdiff_t>(question.most) - 1;
  std::nth_element(found.begin(), last, found.end(), std::greater<>());
  return *last;
}

std::vector<float> LexicalIndex::Contents::score(const Question& question,
                                                 std::span<const Slot> others,
                                                 std::vector<DocNumber>& touched,
                                                 float& bound) const {
  const Lengths all = lengths(question.counted);
  const auto passages = static_cast<float>(all.passages);
  const float mean_length =
      std::max(1.0F, static_cast<float>(all.terms) / std::max(1.0F, passages));
  std::vector<float> scores(all_docs());
  for (const Slot other : others) {
    const DocNumber number = doc_at(other);
    if (number == kNoDoc || scores[number] != 0) continue;
    scores[number] = kWanted;
    touched.push_back(number);
  }
  const std::vector<TermPostings> terms = postings_of(question, passages);
  bound = terms.empty() ? 0 : terms.front().rest_most;
  // Whether a passage that has none of the terms so far may still be among the best.
  bool more = question.most > 0;
  for (const TermPostings& term : terms) {
    more = more && term.rest_most >= last_of_best(question, scores, touched);
    for (const Posting& posting : term.postings) {
      const DocRow& row = doc(posting.doc);
      float& score = scores[posting.doc];
      if (score == 0) {
        if (!more || !question.found.has(row.slot)) continue;
        touched.push_back(posting.doc);
      }
      const auto count = static_cast<float>(posting.count);
      const float norm = kK1 * (1 - kB + kB * static_cast<float>(row.length) / mean_length);
      score += term.idf * count * (kK1 + 1) / (count + norm);
    }
  }
  return scores;
}

std::vector<Match> LexicalIndex::search(const Question& question, std::span<const Slot> others,
                                        std::span<float> others_scores, float* bound) const {
  if (bound != nullptr) *bound = 0;
  std::fill(others_scores.begin(), others_scores.end(), 0.0F);
  const ReaderLock lock(state_->mutex);
  const Contents& contents = *state_->contents;
  if (contents.size == 0) return {};
  std::vector<DocNumber> touched;
  float unreached = 0;
  const std::vector<float> scores = contents.score(question, others, touched, unreached);
  if (bound != nullptr) *bound = unreached;
  for (size_t i = 0; i < others.size(); ++i) {
    const DocNumber number = contents.doc_at(others[i]);
    if (number != kNoDoc && scores[number] > kWanted) others_scores[i] = scores[number];
  }
  std::vector<Match> best;
  if (question.most == 0) return best;
  for (const DocNumber doc : touched) {
    const Match match = {Slot{contents.doc(doc).slot}, scores[doc]};
    if (match.score <= kWanted) continue;
    if (best.size() == question.most && !better(match, best.front())) continue;
    if (!question.found.has(contents.doc(doc).slot)) continue;
    if (best.size() == question.most) {
      std::pop_heap(best.begin(), best.end(), better);
      best.pop_back();
    }
    best.push_back(match);
    std::push_heap(best.begin(), best.end(), better);
  }
  std::sort_heap(best.begin(), best.end(), better);
  return best;
}

std::vector<Slot> LexicalIndex::slots_with(std::span<const std::string> terms,
                                           const SlotSet& set) const {
  const ReaderLock lock(state_->mutex);
  const Contents& contents = *state_->contents;
  std::vector<Slot> slots;
  for (const std::string& term : terms) {
    contents.for_each_posting(term, [&](const Posting& posting) {
      const uint32_t slot = contents.doc(posting.doc).slot;
      if (set.has(slot)) slots.push_back(Slot{slot});
    });
  }
  return slots;
}

Result<std::string> LexicalIndex::merged() const {
  const ReaderLock lock(state_->mutex);
  const Contents& contents = *state_->contents;
  SegmentBuilder builder;
  std::vector<DocNumber> renumbered(contents.all_docs(), kNoDoc);
  DocNumber next = 0;
  for (DocNumber doc = 0; doc < contents.all_docs(); ++doc) {
    if (!contents.alive(doc)) continue;
    renumbered[doc] = next++;
    builder.add_doc(contents.doc(doc));
  }
  std::vector<std::string_view> recent;
  recent.reserve(contents.recent_terms.size());
  for (const auto& [term, postings] : contents.recent_terms) recent.push_back(term);
  std::sort(recent.begin(), recent.end());
  const auto add = [&](std::string_view term) {
    PostingsWriter writer;
    uint32_t docs = 0;
    contents.for_each_posting(term, [&](const Posting& posting) {
      writer.add({renumbered[posting.doc], posting.count});
      ++docs;
    });
    if (docs > 0) builder.add_term(term, docs, writer.bytes());
  };
  size_t r = 0;
  for (uint32_t row = 0; row < contents.segment.terms(); ++row) {
    const std::string_view term = contents.segment.term(row);
    for (; r < recent.size() && recent[r] < term; ++r) add(recent[r]);
    if (r < recent.size() && recent[r] == term) ++r;
    add(term);
  }
  for (; r < recent.size(); ++r) add(recent[r]);
  return builder.finish();
}

uint32_t LexicalIndex::size() const {
  const ReaderLock lock(state_->mutex);
  return state_->contents->size;
}

std::vector<Slot> LexicalIndex::slots() const {
  const ReaderLock lock(state_->mutex);
  std::vector<Slot> slots;
  slots.reserve(state_->contents->size);
  for (uint32_t slot = 0; slot < state_->contents->doc_of_slot.size(); ++slot) {
    if (state_->contents->doc_of_slot[slot] != kNoDoc) slots.push_back(Slot{slot});
  }
  return slots;
}

uint64_t LexicalIndex::changed_bytes() const {
  const ReaderLock lock(state_->mutex);
  return state_->contents->changed_bytes;
}

}  // namespace vexfs::lexical
