// Fuzz target: lines of mountinfo. Any user who may mount chooses the paths in them.
#include <cstdlib>

#include "fs/backing/mountinfo.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  const std::string_view line(reinterpret_cast<const char*>(data), bytes);
  const auto info = vexfs::fs::parse_mountinfo_line(line);
  if (!info) return 0;
  // Escapes only shorten a text, and a mount has a place and a type.
  const size_t used = info->mountpoint.size() + info->type.size() + info->source.size();
  if (info->mountpoint.empty() || info->type.empty() || used > bytes) std::abort();
  if (line.find(info->type) == std::string_view::npos) std::abort();
  return 0;
}
