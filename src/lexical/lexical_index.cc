// Two parts, one after another: documents of the segment come first, then those of memory.
#include "lexical/lexical_index.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "base/limits.h"
#include "lexical/segment.h"

namespace vexfs::lexical {
namespace {

constexpr float kK1 = 1.2F;
constexpr float kB = 0.75F;
constexpr DocNumber kNoDoc = UINT32_MAX;

// Postings of a term in memory.
struct RecentTerm {
  PostingsWriter postings;
  uint32_t docs = 0;
};

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using RecentTerms = std::unordered_map<std::string, RecentTerm, StringHash, std::equal_to<>>;

// Ranks as it collects: the worst of the best is in front.
bool better(const Match& a, const Match& b) {
  return a.score != b.score ? a.score > b.score : a.slot < b.slot;
}

}  // namespace

struct LexicalIndex::State {
  ~State() { let_go(); }

  void let_go() {
    if (release) release();
    release = nullptr;
  }

  DocNumber all_docs() const {
    return static_cast<DocNumber>(segment.docs().size() + recent_docs.size());
  }
  const DocRow& doc(DocNumber number) const {
    const size_t first_recent = segment.docs().size();
    return number < first_recent ? segment.docs()[number] : recent_docs[number - first_recent];
  }
  bool alive(DocNumber number) const {
    const auto slot = doc(number).slot;
    return slot < doc_of_slot.size() && doc_of_slot[slot] == number;
  }
  // Calls back with the postings of the term that are alive.
  template <typename Visit>
  void for_each_posting(std::string_view term, Visit visit) const;
  Status index_docs();

  mutable std::shared_mutex mutex;  // A leaf.
  Segment segment;
  std::function<void()> release;  // Of the segment's image.
  std::vector<DocRow> recent_docs;
  RecentTerms recent_terms;
  std::vector<DocNumber> doc_of_slot;  // kNoDoc: the slot has no passage here.
  uint32_t size = 0;
  uint64_t total_length = 0;  // Of the living.
  uint64_t changed_bytes = 0;
};

template <typename Visit>
void LexicalIndex::State::for_each_posting(std::string_view term, Visit visit) const {
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

Status LexicalIndex::State::index_docs() {
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

Status LexicalIndex::open(std::span<const std::byte> image, std::function<void()> release) {
  return adopt(image, std::move(release));
}

Status LexicalIndex::adopt(std::span<const std::byte> image, std::function<void()> release) {
  auto next = std::make_unique<State>();
  next->release = std::move(release);
  VEXFS_TRY(segment, Segment::open(image));
  next->segment = segment;
  VEXFS_CHECK_OK(next->index_docs());
  State& state = *state_;
  const std::unique_lock lock(state.mutex);
  state.let_go();
  state.segment = next->segment;
  state.release = std::move(next->release);
  next->release = nullptr;
  state.recent_docs = {};
  state.recent_terms = {};
  state.doc_of_slot = std::move(next->doc_of_slot);
  state.size = next->size;
  state.total_length = next->total_length;
  state.changed_bytes = 0;
  return {};
}

Status LexicalIndex::put(Slot slot, std::span<const TermCount> terms, uint32_t length) {
  const auto number = static_cast<uint32_t>(slot);
  if (number >= limits::kSlotsMax) return Status(EINVAL, "lexical: slot");
  remove(slot);
  State& state = *state_;
  const std::unique_lock lock(state.mutex);
  if (state.all_docs() >= limits::kSlotsMax) return Status(ENOSPC, "lexical: passages");
  const auto recent = static_cast<DocNumber>(state.recent_docs.size());
  for (const TermCount& term : terms) {
    auto found = state.recent_terms.find(term.term);
    if (found == state.recent_terms.end()) {
      found = state.recent_terms.emplace(term.term, RecentTerm()).first;
      state.changed_bytes += sizeof(*found) + term.term.size() + 2 * sizeof(void*);
    }
    const size_t before = found->second.postings.bytes().size();
    found->second.postings.add({recent, term.count});
    ++found->second.docs;
    state.changed_bytes += found->second.postings.bytes().size() - before;
  }
  if (number >= state.doc_of_slot.size()) state.doc_of_slot.resize(size_t{number} + 1, kNoDoc);
  state.doc_of_slot[number] = state.all_docs();
  state.recent_docs.push_back({number, length});
  state.changed_bytes += sizeof(DocRow);
  ++state.size;
  state.total_length += length;
  return {};
}

void LexicalIndex::remove(Slot slot) {
  State& state = *state_;
  const std::unique_lock lock(state.mutex);
  const auto number = static_cast<uint32_t>(slot);
  if (number >= state.doc_of_slot.size() || state.doc_of_slot[number] == kNoDoc) return;
  state.total_length -= state.doc(state.doc_of_slot[number]).length;
  state.doc_of_slot[number] = kNoDoc;
  --state.size;
  state.changed_bytes += sizeof(DocRow);
}

std::vector<Match> LexicalIndex::search(std::span<const std::string> terms, uint32_t most,
                                        Passes passes) const {
  const State& state = *state_;
  const std::shared_lock lock(state.mutex);
  if (state.size == 0 || most == 0) return {};
  const float passages = static_cast<float>(state.size);
  const float mean_length = std::max(1.0F, static_cast<float>(state.total_length) / passages);
  std::vector<float> scores(state.all_docs());
  std::vector<DocNumber> touched;
  std::vector<Posting> postings;
  for (size_t i = 0; i < terms.size(); ++i) {
    if (std::find(terms.begin(), terms.begin() + static_cast<ptrdiff_t>(i), terms[i]) !=
        terms.begin() + static_cast<ptrdiff_t>(i)) {
      continue;
    }
    postings.clear();
    state.for_each_posting(terms[i], [&](const Posting& posting) { postings.push_back(posting); });
    const float docs = static_cast<float>(postings.size());
    const float idf = std::log(1 + (passages - docs + 0.5F) / (docs + 0.5F));
    for (const Posting& posting : postings) {
      const float count = static_cast<float>(posting.count);
      const float length = static_cast<float>(state.doc(posting.doc).length);
      const float norm = kK1 * (1 - kB + kB * length / mean_length);
      if (scores[posting.doc] == 0) touched.push_back(posting.doc);
      scores[posting.doc] += idf * count * (kK1 + 1) / (count + norm);
    }
  }
  std::vector<Match> best;
  for (const DocNumber doc : touched) {
    const Match match = {Slot{state.doc(doc).slot}, scores[doc]};
    if (best.size() == most && !better(match, best.front())) continue;
    if (!passes(match.slot)) continue;
    if (best.size() == most) {
      std::pop_heap(best.begin(), best.end(), better);
      best.pop_back();
    }
    best.push_back(match);
    std::push_heap(best.begin(), best.end(), better);
  }
  std::sort_heap(best.begin(), best.end(), better);
  return best;
}

Result<std::string> LexicalIndex::merged() const {
  const State& state = *state_;
  const std::shared_lock lock(state.mutex);
  SegmentBuilder builder;
  std::vector<DocNumber> renumbered(state.all_docs(), kNoDoc);
  DocNumber next = 0;
  for (DocNumber doc = 0; doc < state.all_docs(); ++doc) {
    if (!state.alive(doc)) continue;
    renumbered[doc] = next++;
    builder.add_doc(state.doc(doc));
  }
  std::vector<std::string_view> recent;
  recent.reserve(state.recent_terms.size());
  for (const auto& [term, postings] : state.recent_terms) recent.push_back(term);
  std::sort(recent.begin(), recent.end());
  const auto add = [&](std::string_view term) {
    PostingsWriter writer;
    uint32_t docs = 0;
    state.for_each_posting(term, [&](const Posting& posting) {
      writer.add({renumbered[posting.doc], posting.count});
      ++docs;
    });
    if (docs > 0) builder.add_term(term, docs, writer.bytes());
  };
  size_t r = 0;
  for (uint32_t row = 0; row < state.segment.terms(); ++row) {
    const std::string_view term = state.segment.term(row);
    for (; r < recent.size() && recent[r] < term; ++r) add(recent[r]);
    if (r < recent.size() && recent[r] == term) ++r;
    add(term);
  }
  for (; r < recent.size(); ++r) add(recent[r]);
  return builder.finish();
}

uint32_t LexicalIndex::size() const {
  const std::shared_lock lock(state_->mutex);
  return state_->size;
}

uint64_t LexicalIndex::changed_bytes() const {
  const std::shared_lock lock(state_->mutex);
  return state_->changed_bytes;
}

}  // namespace vexfs::lexical
