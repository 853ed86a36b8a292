// One pass; what stays moves to the front.
#include "fs/attribute_list.h"

#include <algorithm>
#include <cstring>

namespace vexfs::fs {

size_t without_prefix(char* names, size_t bytes, std::string_view prefix) {
  size_t kept = 0;
  for (size_t at = 0; at < bytes;) {
    const size_t taken = std::min(::strnlen(names + at, bytes - at) + 1, bytes - at);
    if (!std::string_view(names + at, taken).starts_with(prefix)) {
      if (kept != at) std::memmove(names + kept, names + at, taken);
      kept += taken;
    }
    at += taken;
  }
  return kept;
}

}  // namespace vexfs::fs
