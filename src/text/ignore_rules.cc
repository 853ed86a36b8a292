// Globs are matched without recursion. When a match fails, only two places are worth going back to:
// the last * and the last **/ that were met. What an earlier one took does not matter any more,
// since the later one can take the difference.
#include "text/ignore_rules.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace vexfs::text {
namespace {

constexpr size_t kNowhere = std::string_view::npos;

// Matches the bracket expression at glob[at] against `c` and moves `at` behind the expression. An
// expression that is not closed stands for the character '['.
bool bracket_matches(std::string_view glob, size_t& at, char c) {
  size_t i = at + 1;
  const bool negated = i < glob.size() && (glob[i] == '!' || glob[i] == '^');
  if (negated) ++i;
  bool found = false;
  for (const size_t first = i; i < glob.size(); ++i) {
    if (glob[i] == ']' && i > first) {
      at = i + 1;
      return found != negated && c != '/';
    }
    if (glob[i] == '\\' && i + 1 < glob.size()) ++i;
    const auto low = static_cast<unsigned char>(glob[i]);
    auto high = low;
    if (i + 2 < glob.size() && glob[i + 1] == '-' && glob[i + 2] != ']') {
      i += 2;
      high = static_cast<unsigned char>(glob[i]);
    }
    const auto byte = static_cast<unsigned char>(c);
    found = found || (low <= byte && byte <= high);
  }
  ++at;
  return c == '[';
}

// Matches the element at glob[at], which is not a star, against `c`. On success `at` moves behind
// it.
bool element_matches(std::string_view glob, size_t& at, char c) {
  switch (glob[at]) {
    case '?':
      if (c == '/') return false;
      ++at;
      return true;
    case '[':
      return bracket_matches(glob, at, c);
    case '\\':
      if (at + 1 < glob.size()) {
        if (glob[at + 1] != c) return false;
        at += 2;
        return true;
      }
      [[fallthrough]];
    default:
      if (glob[at] != c) return false;
      ++at;
      return true;
  }
}

}  // namespace

bool glob_matches(std::string_view glob, std::string_view path) {
  size_t g = 0;
  size_t p = 0;
  // star_glob is behind the last *, which has taken the path up to star_path.
  size_t star_glob = kNowhere;
  size_t star_path = 0;
  // deep_glob is behind the last **/. What follows it is tried at deep_path, then at the segments
  // after that.
  size_t deep_glob = kNowhere;
  size_t deep_path = 0;
  while (p < path.size()) {
    if (g < glob.size() && glob[g] == '*') {
      const bool at_segment = g == 0 || glob[g - 1] == '/';
      if (at_segment && glob.substr(g) == "**") return true;
      if (at_segment && glob.substr(g).starts_with("**/")) {
        g += 3;
        deep_glob = g;
        deep_path = p;
        star_glob = kNowhere;
        continue;
      }
      g = std::min(glob.find_first_not_of('*', g), glob.size());
      star_glob = g;
      star_path = p;
      continue;
    }
    if (g < glob.size() && element_matches(glob, g, path[p])) {
      ++p;
      continue;
    }
    if (star_glob != kNowhere && path[star_path] != '/') {
      g = star_glob;
      p = ++star_path;
      continue;
    }
    if (deep_glob == kNowhere) return false;
    const size_t slash = path.find('/', deep_path);
    if (slash == kNowhere) return false;
    p = deep_path = slash + 1;
    g = deep_glob;
    star_glob = kNowhere;
  }
  return glob.find_first_not_of('*', g) == kNowhere;
}

IgnoreRules IgnoreRules::parse(std::string_view file) {
  IgnoreRules rules;
  while (!file.empty() && rules.rules_.size() < limits::kIgnoreRulesMax) {
    const size_t newline = std::min(file.find('\n'), file.size());
    std::string_view line = file.substr(0, newline);
    file.remove_prefix(std::min(newline + 1, file.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
    if (line.starts_with('#')) continue;
    Rule rule;
    if (line.starts_with('!')) {
      rule.keeps = true;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      rule.directories_only = true;
      line.remove_suffix(1);
    }
    rule.anchored = line.find('/') != kNowhere;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.empty()) continue;
    rule.glob = line;
    rules.rules_.push_back(std::move(rule));
  }
  return rules;
}

IgnoreRules::Verdict IgnoreRules::judge(std::string_view path, bool is_directory) const {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (size_t i = rules_.size(); i-- > 0;) {
    const Rule& rule = rules_[i];
    if (rule.directories_only && !is_directory) continue;
    if (glob_matches(rule.glob, rule.anchored ? path : name)) {
      return rule.keeps ? Verdict::kKept : Verdict::kIgnored;
    }
  }
  return Verdict::kNone;
}

}  // namespace vexfs::text
