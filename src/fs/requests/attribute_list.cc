// The list is filtered in one pass: names that stay move to the front.
#include "fs/requests/attribute_list.h"

#include <algorithm>
#include <cstring>

namespace vexfs::fs {

size_t without_prefix(char* names, size_t bytes, std::string_view prefix, std::string_view except) {
  size_t kept = 0;
  for (size_t at = 0; at < bytes;) {
    const size_t taken = std::min(::strnlen(names + at, bytes - at) + 1, bytes - at);
    const std::string_view name(names + at, taken);
    const bool is_excepted = !except.empty() && name.starts_with(except);
    if (is_excepted || !name.starts_with(prefix)) {
      if (kept != at) std::memmove(names + kept, names + at, taken);
      kept += taken;
    }
    at += taken;
  }
  return kept;
}

}  // namespace vexfs::fs
