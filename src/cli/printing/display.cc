// Makes text only; the caller prints it.
#include "cli/printing/display.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace vexfs::cli {

std::string shown_path(std::string_view directory, std::string_view path) {
  std::string shown;
  if (directory != "." && !directory.empty()) {
    shown = directory;
    if (!shown.ends_with('/')) shown += '/';
  }
  return shown.append(path);
}

std::string shown_hits(const Json& reply, std::string_view directory, bool colour) {
  const auto coloured = [colour](std::string_view code, const std::string& text) {
    return colour ? std::string(code).append(text).append(kPlainColour) : text;
  };
  std::string shown;
  for (const Json& hit : array_in(reply, "hits")) {
    char score[32];
    std::snprintf(score, sizeof(score), "%.4f", real_in(hit, "score"));
    shown += coloured(kScoreColour, score) + "  ";
    shown += coloured(kPathColour, shown_path(directory, text_in(hit, "path")));
    const uint64_t line = number_in(hit, "line");
    if (line != 0) shown += ":" + coloured(kLineColour, std::to_string(line));
    shown += '\n';
  }
  return shown;
}

std::string shown_duplicates(const Json& reply, std::string_view directory) {
  std::string shown;
  for (const Json& group : array_in(reply, "duplicates")) {
    if (!shown.empty()) shown += '\n';
    for (const Json& path : array_in(group, "paths")) {
      if (!path.is_string()) continue;
      shown += shown_path(directory, path.get_ref<const std::string&>()) + '\n';
    }
  }
  return shown;
}

std::string shown_bytes(uint64_t bytes) {
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f %s", value, kUnits[unit]);
  return text;
}

std::string grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

}  // namespace vexfs::cli
