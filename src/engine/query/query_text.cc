// A word at a time; what is a qualifier is taken by the reader of its name.
#include "engine/query/query_text.h"

#include <array>
#include <string>

#include "base/parse.h"

namespace vexfs::engine {
namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// A piece of the text between blanks. Quotes are gone, and blanks inside them are not its end.
struct Word {
  std::string text;
  size_t colon = std::string::npos;  // In `text`; the first one, if no quotes come before it.
  bool literal = false;              // Quotes came before a colon: it has no name.
};

// The next word from `at` on, which moves behind it.
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

Status wrong(QueryError& error, std::string_view name, const std::string& what) {
  return refuse(error, EINVAL, std::string(name) + ": must be " + what);
}

Status take_k(std::string_view value, QueryRequest& request, QueryError& error) {
  const auto k = parse_u64(value, 1, limits::kHitsMax);
  if (!k.ok()) return wrong(error, "k", "from 1 to " + std::to_string(limits::kHitsMax));
  request.k = static_cast<uint32_t>(k.value());
  return {};
}

// "md" or "md,txt".
Status read_types(std::string_view value, QueryRequest& request, QueryError& error) {
  for (;;) {
    const size_t comma = value.find(',');
    const std::string_view type = value.substr(0, comma);
    const bool fits = !type.empty() && type.size() < limits::kNameBytesMax;
    if (!fits || type.front() == '.' || type.find('/') != std::string_view::npos) {
      return wrong(error, "type", "the end of names without the dot, as type:md or type:md,txt");
    }
    if (request.types.size() >= limits::kQueryTypesMax) {
      return wrong(error, "type", "at most " + std::to_string(limits::kQueryTypesMax) + " ends");
    }
    request.types.emplace_back(type);
    if (comma == std::string_view::npos) return {};
    value.remove_prefix(comma + 1);
  }
}

Status read_after(std::string_view value, QueryRequest& request, QueryError& error) {
  const auto date = parse_date(value);
  if (!date.ok()) return wrong(error, "after", "a date, as after:2026-01-31");
  request.after = date.value();
  return {};
}

Status take_space(std::string_view value, QueryRequest& request, QueryError&) {
  request.space = value;
  return {};
}

Status take_path(std::string_view value, QueryRequest& request, QueryError&) {
  request.path = value;
  return {};
}

Status read_mode(std::string_view value, QueryRequest& request, QueryError& error) {
  const auto mode = parse_query_mode(value);
  if (!mode.ok()) return wrong(error, "mode", "hybrid, semantic or lexical");
  request.mode = mode.value();
  return {};
}

Status read_fusion(std::string_view value, QueryRequest& request, QueryError& error) {
  const auto kind = parse_fusion(value);
  if (!kind.ok()) return wrong(error, "fusion", "weighted or rrf");
  request.fusion.kind = kind.value();
  return {};
}

Status take_recency(std::string_view value, QueryRequest& request, QueryError& error) {
  const auto days = parse_u64(value, 0, limits::kRecencyDaysMax);
  if (!days.ok()) {
    return wrong(error, "recency",
                 "days from 0 to " + std::to_string(limits::kRecencyDaysMax) +
                     " after which half of a score is gone");
  }
  request.fusion.recency_days = static_cast<float>(days.value());
  return {};
}

Status take_fold(std::string_view value, QueryRequest& request, QueryError& error) {
  if (value != "yes" && value != "no") return wrong(error, "fold", "yes or no");
  request.fold_duplicates = value == "yes";
  return {};
}

struct Qualifier {
  std::string_view name;
  Status (*take)(std::string_view value, QueryRequest& request, QueryError& error);
  bool repeats = false;
};

constexpr std::array<Qualifier, 9> kQualifiers = {{{"k", take_k},
                                                   {"type", read_types, true},
                                                   {"after", read_after},
                                                   {"space", take_space},
                                                   {"path", take_path},
                                                   {"mode", read_mode},
                                                   {"fusion", read_fusion},
                                                   {"recency", take_recency},
                                                   {"fold", take_fold}}};

// kQualifiers.size(): the word is text.
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

Status parse_query_text(std::string_view typed, QueryRequest& request, QueryError& error) {
  request = QueryRequest();
  if (typed.size() > limits::kQueryWordBytesMax) {
    return refuse(error, EINVAL,
                  "a query has at most " + std::to_string(limits::kQueryWordBytesMax) + " bytes");
  }
  if (typed.find('\0') != std::string_view::npos) {
    return refuse(error, EINVAL, "a query has no zero bytes");
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
      if (!request.text.empty() && !word.text.empty()) request.text += ' ';
      request.text += word.text;
      continue;
    }
    const Qualifier& qualifier = kQualifiers[i];
    if (given[i] && !qualifier.repeats) {
      return refuse(error, EINVAL, std::string(qualifier.name) + ": is given twice");
    }
    given[i] = true;
    VEXFS_CHECK_OK(
        qualifier.take(std::string_view(word.text).substr(word.colon + 1), request, error));
  }
  if (request.text.find_first_not_of(" \t\n\v\f\r") == std::string::npos) {
    return refuse(error, EINVAL, "the query has no words");
  }
  return {};
}

}  // namespace vexfs::engine
