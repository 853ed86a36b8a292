// Fields are separated by single spaces; spaces within a field are octal escapes.
#include "fs/backing/mountinfo.h"

#include <fstream>
#include <utility>

#include "base/parse.h"

namespace vexfs::fs {
namespace {

std::string unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](size_t at) { return text[at] >= '0' && text[at] <= '7'; };
    if (text[i] == '\\' && i + 3 < text.size() && digit(i + 1) && digit(i + 2) && digit(i + 3)) {
      const int value = (text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0');
      plain.push_back(static_cast<char>(value));
      i += 3;
    } else {
      plain.push_back(text[i]);
    }
  }
  return plain;
}

// Removes the next field from `rest` and returns it.
std::string_view next_field(std::string_view& rest) {
  const size_t space = rest.find(' ');
  const std::string_view field = rest.substr(0, space);
  rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
  return field;
}

}  // namespace

std::optional<MountInfo> parse_mountinfo_line(std::string_view line) {
  MountInfo info;
  const auto id = parse_u64(next_field(line), 0, UINT64_MAX);
  if (!id.ok()) return std::nullopt;
  const auto parent = parse_u64(next_field(line), 0, UINT64_MAX);
  if (!parent.ok()) return std::nullopt;
  info.id = id.value();
  info.parent = parent.value();
  // Skip major:minor and the root.
  for (int i = 0; i < 2; ++i) {
    if (next_field(line).empty()) return std::nullopt;
  }
  info.mountpoint = unescape(next_field(line));
  info.options = next_field(line);
  while (!line.empty() && next_field(line) != "-") {
  }
  info.type = next_field(line);
  info.source = unescape(next_field(line));
  info.super_options = next_field(line);
  if (info.mountpoint.empty() || info.type.empty()) return std::nullopt;
  return info;
}

std::vector<MountInfo> read_mountinfo() {
  std::vector<MountInfo> mounts;
  std::ifstream file("/proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    if (auto info = parse_mountinfo_line(line)) mounts.push_back(*std::move(info));
  }
  return mounts;
}

std::optional<MountInfo> mount_at(std::string_view path) {
  std::optional<MountInfo> found;
  for (MountInfo& info : read_mountinfo()) {
    if (info.mountpoint == path) found = std::move(info);
  }
  return found;
}

std::optional<MountInfo> mount_with_id(uint64_t id) {
  for (MountInfo& info : read_mountinfo()) {
    if (info.id == id) return std::move(info);
  }
  return std::nullopt;
}

uint64_t mount_id_of(int fd) {
  constexpr std::string_view kField = "mnt_id:\t";
  std::ifstream file("/proc/self/fdinfo/" + std::to_string(fd));
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(kField)) continue;
    const auto id = parse_u64(std::string_view(line).substr(kField.size()), 0, UINT64_MAX);
    return id.ok() ? id.value() : 0;
  }
  return 0;
}

}  // namespace vexfs::fs
