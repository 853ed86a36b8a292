// Ranks have equal width, so that names sort by rank. Long names are cut before their extension,
// and never inside a character.
#include "fs/surface/result_entries.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include "base/limits.h"
#include "base/text_writer.h"

namespace vexfs::fs {
namespace {

// A longer ending is not an extension.
constexpr size_t kExtensionBytesMax = 16;

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The name within `bytes` bytes: its front, up to the end of a UTF-8 character, and its extension.
std::string shortened(std::string_view name, size_t bytes) {
  if (name.size() <= bytes) return std::string(name);
  const size_t dot = name.rfind('.');
  const bool has_extension =
      dot != std::string_view::npos && dot > 0 && name.size() - dot <= kExtensionBytesMax;
  const std::string_view extension = has_extension ? name.substr(dot) : std::string_view();
  size_t kept = bytes - extension.size();
  while (kept > 0 && continues_a_character(name[kept])) --kept;
  std::string result(name.substr(0, kept));
  return result.append(extension);
}

// The score as it is shown: a tiny negative one would read "-0.00".
double shown_score(float score) {
  const auto exact = static_cast<double>(score);
  return std::fabs(exact) < 0.005 ? 0.0 : exact;
}

unsigned rank_width(size_t count) {
  unsigned width = 2;
  for (size_t limit = 100; count >= limit; limit *= 10) ++width;
  return width;
}

}  // namespace

std::vector<ResultEntry> result_entries(std::span<const engine::Hit> hits, std::string_view up) {
  std::vector<ResultEntry> entries;
  entries.reserve(hits.size());
  const unsigned width = rank_width(hits.size());
  for (const engine::Hit& hit : hits) {
    if (up.size() + hit.path.size() >= limits::kSymlinkBytesMax) continue;
    ResultEntry entry;
    TextWriter(entry.name)
        .padded(entries.size() + 1, width)
        .text("_")
        .fixed(shown_score(hit.score), 2)
        .text("_");
    const size_t slash = hit.path.rfind('/');
    const std::string_view path = hit.path;
    entry.name += shortened(slash == std::string::npos ? path : path.substr(slash + 1),
                            limits::kNameBytesMax - entry.name.size());
    entry.target.reserve(up.size() + path.size());
    entry.target.append(up).append(path);
    entries.push_back(std::move(entry));
  }
  return entries;
}

uint32_t rank_of(std::string_view name) {
  uint32_t rank = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), rank);
  const bool ends_well = parsed.ptr != name.data() + name.size() && *parsed.ptr == '_';
  return parsed.ec == std::errc() && ends_well ? rank : 0;
}

}  // namespace vexfs::fs
