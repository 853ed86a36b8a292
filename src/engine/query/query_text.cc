// The text is read a word at a time. kQualifiers has the reader of each qualifier; a new one is a
// row there.
#include "engine/query/query_text.h"

#include <array>
#include <string>

#include "base/parse.h"
#include "engine/query/date.h"
#include "engine/query/query_json.h"

namespace vexfs::engine {
namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// A piece of the text between blanks. Its quotes are removed, and blanks between them do not end
// it.
struct Word {
  std::string text;
  // Where `text` has its first colon, unless quotes come before it.
  size_t colon = std::string::npos;
  bool literal = false;  // Quotes came before any colon, so the word is no qualifier.
};

// Returns the word that begins at `at`, and moves `at` behind it.
Word next_word(std::string_view typed, size_t& at) {
  Word word;
  while (at < typed.size() && !is_blank(typed[at])) {
    const char c = typed[at];
    const size_t close = c == '"' ? typed.find('"', at + 1) : std::string_view::npos;
    if (close != std::string_view::npos) {
      word.literal = word.literal || word.colon == std::string::npos;
      word.text += typed.substr(at + 1, close - at - 1);
      at = close + 1;
      continue;
    }
    if (c == ':' && word.colon == std::string::npos && !word.literal) {
      word.colon = word.text.size();
    }
    word.text += c;
    ++at;
  }
  return word;
}

Refusal wrong(std::string_view name, const std::string& what) {
  return Refusal(EINVAL, std::string(name) + ": must be " + what);
}

Result<void, Refusal> take_k(std::string_view value, Query& query) {
  const auto k = parse_u64(value, 1, limits::kHitsMax);
  if (!k.ok()) return wrong("k", "from 1 to " + std::to_string(limits::kHitsMax));
  query.k = static_cast<uint32_t>(k.value());
  return {};
}

// Reads "md" or "md,txt", and adds to the types of an earlier qualifier.
Result<void, Refusal> take_types(std::string_view value, Query& query) {
  for (;;) {
    const size_t comma = value.find(',');
    const std::string_view type = value.substr(0, comma);
    const bool fits = !type.empty() && type.size() < limits::kNameBytesMax;
    if (!fits || type.front() == '.' || type.find('/') != std::string_view::npos) {
      return wrong("type", "the end of names without the dot, as type:md or type:md,txt");
    }
    if (query.types.size() >= limits::kQueryTypesMax) {
      return wrong("type", "at most " + std::to_string(limits::kQueryTypesMax) + " ends");
    }
    query.types.emplace_back(type);
    if (comma == std::string_view::npos) return {};
    value.remove_prefix(comma + 1);
  }
}

Result<void, Refusal> take_after(std::string_view value, Query& query) {
  const auto date = parse_date(value);
  if (!date.ok()) return wrong("after", "a date, as after:2026-01-31");
  query.after = date.value();
  return {};
}

Result<void, Refusal> take_space(std::string_view value, Query& query) {
  query.space = value;
  return {};
}

Result<void, Refusal> take_path(std::string_view value, Query& query) {
  query.path = value;
  return {};
}

Result<void, Refusal> take_mode(std::string_view value, Query& query) {
  const auto mode = parse_query_mode(value);
  if (!mode.ok()) return wrong("mode", "hybrid, semantic or lexical");
  query.mode = mode.value();
  return {};
}

Result<void, Refusal> take_fusion(std::string_view value, Query& query) {
  const auto kind = parse_fusion(value);
  if (!kind.ok()) return wrong("fusion", "weighted or rrf");
  query.fusion.kind = kind.value();
  return {};
}

Result<void, Refusal> take_recency(std::string_view value, Query& query) {
  const auto days = parse_u64(value, 0, limits::kRecencyDaysMax);
  if (!days.ok()) {
    return wrong("recency", "days from 0 to " + std::to_string(limits::kRecencyDaysMax) +
                                " after which half of a score is gone");
  }
  query.fusion.recency_days = static_cast<float>(days.value());
  return {};
}

Result<void, Refusal> take_fold(std::string_view value, Query& query) {
  if (value != "yes" && value != "no") return wrong("fold", "yes or no");
  query.fold_duplicates = value == "yes";
  return {};
}

struct Qualifier {
  std::string_view name;
  Result<void, Refusal> (*take)(std::string_view value, Query& query);
  bool repeats = false;  // It may be given more than once.
};

constexpr std::array<Qualifier, 9> kQualifiers = {{{"k", take_k},
                                                   {"type", take_types, true},
                                                   {"after", take_after},
                                                   {"space", take_space},
                                                   {"path", take_path},
                                                   {"mode", take_mode},
                                                   {"fusion", take_fusion},
                                                   {"recency", take_recency},
                                                   {"fold", take_fold}}};

// The index in kQualifiers, or its size where the word is text.
size_t qualifier_of(const Word& word) {
  if (word.colon == std::string::npos || word.colon + 1 == word.text.size()) {
    return kQualifiers.size();
  }
  const std::string_view name = std::string_view(word.text).substr(0, word.colon);
  size_t i = 0;
  while (i < kQualifiers.size() && kQualifiers[i].name != name) ++i;
  return i;
}

}  // namespace

Result<Query, Refusal> parse_query_text(std::string_view typed) {
  Query query;
  if (typed.size() > limits::kQueryWordBytesMax) {
    return Refusal(EINVAL,
                   "a query has at most " + std::to_string(limits::kQueryWordBytesMax) + " bytes");
  }
  if (typed.find('\0') != std::string_view::npos) {
    return Refusal(EINVAL, "a query has no zero bytes");
  }
  std::array<bool, kQualifiers.size()> given{};
  for (size_t at = 0; at < typed.size();) {
    if (is_blank(typed[at])) {
      ++at;
      continue;
    }
    const Word word = next_word(typed, at);
    const size_t i = qualifier_of(word);
    if (i == kQualifiers.size()) {
      if (!query.text.empty() && !word.text.empty()) query.text += ' ';
      query.text += word.text;
      continue;
    }
    const Qualifier& qualifier = kQualifiers[i];
    if (given[i] && !qualifier.repeats) {
      return Refusal(EINVAL, std::string(qualifier.name) + ": is given twice");
    }
    given[i] = true;
    VEXFS_CHECK_OK(qualifier.take(std::string_view(word.text).substr(word.colon + 1), query));
  }
  if (query.text.find_first_not_of(" \t\n\v\f\r") == std::string::npos) {
    return Refusal(EINVAL, "the query has no words");
  }
  return query;
}

}  // namespace vexfs::engine
