// A hash table with open addressing and linear probing over the terms of one passage.
#include "engine/indexing/text_terms.h"

#include <algorithm>
#include <functional>

#include "base/limits.h"
#include "text/lexical_terms.h"

namespace vexfs::engine {
namespace {

// A passage has some 200 terms, so it rarely grows; at most half of the places are in use.
constexpr size_t kTableMin = 1024;

}  // namespace

TermCounter::TermCounter() : table_(kTableMin) {}

PassageTerms TermCounter::count(std::string_view text, std::string_view name) {
  bytes_.clear();
  entries_.clear();
  std::fill(table_.begin(), table_.end(), 0);
  PassageTerms counted;
  text::lexical_terms(text, text::TermsFor::kIndex, [&](const text::LexicalTerm& term) {
    add(term.term, 1);
    if (!term.same_place) ++counted.length;
    return true;
  });
  text::lexical_terms(name, text::TermsFor::kIndex, [&](const text::LexicalTerm& term) {
    add(term.term, limits::kNameTermWeight);
    return true;
  });
  counted.bytes.assign(bytes_.begin(), bytes_.end());
  counted.terms.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    counted.terms.push_back({{counted.bytes.data() + entry.start, entry.bytes}, entry.count});
  }
  return counted;
}

void TermCounter::add(std::string_view term, uint32_t count) {
  const uint64_t hash = std::hash<std::string_view>{}(term);
  for (size_t at = hash;; ++at) {
    uint32_t& place = table_[at & (table_.size() - 1)];
    if (place == 0) {
      entries_.push_back(
          {hash, static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(term.size()), count});
      bytes_.insert(bytes_.end(), term.begin(), term.end());
      place = static_cast<uint32_t>(entries_.size());
      break;
    }
    Entry& entry = entries_[place - 1];
    if (entry.hash == hash && std::string_view(bytes_.data() + entry.start, entry.bytes) == term) {
      entry.count += count;
      return;
    }
  }
  if (entries_.size() * 2 > table_.size()) grow();
}

void TermCounter::grow() {
  table_.assign(table_.size() * 2, 0);
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    size_t at = entries_[i].hash;
    while (table_[at & (table_.size() - 1)] != 0) ++at;
    table_[at & (table_.size() - 1)] = i + 1;
  }
}

}  // namespace vexfs::engine
