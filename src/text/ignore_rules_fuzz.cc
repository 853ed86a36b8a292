// Fuzz target: an ignore file and a path. Every path gets a verdict, and a glob made of the path's
// own characters, each escaped, matches the path.
#include <cstdlib>
#include <string>

#include "text/ignore_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs::text;
  const std::string_view input(reinterpret_cast<const char*>(data), bytes);
  const size_t cut = input.find('\0');
  const std::string_view path = input.substr(0, cut);
  if (cut != std::string_view::npos) {
    (void)IgnoreRules::parse(input.substr(cut + 1)).judge(path, (bytes & 1) != 0);
  }
  std::string escaped;
  for (const char c : path) escaped.append({'\\', c});
  if (!path.empty() && !glob_matches(escaped, path)) std::abort();
  return 0;
}
