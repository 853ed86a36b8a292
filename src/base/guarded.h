// guarded(): a fence around libraries that throw.
#ifndef VEXFS_BASE_GUARDED_H_
#define VEXFS_BASE_GUARDED_H_

#include <exception>
#include <utility>

#include "base/status.h"

namespace vexfs {

// Calls `step` and returns its Status or Result. VexFS itself does not throw; libraries throw here
// when memory is exhausted, which becomes ENOMEM.
template <typename Step>
[[nodiscard]] auto guarded(Step&& step) noexcept -> decltype(step()) {
  try {
    return std::forward<Step>(step)();
  } catch (const std::exception&) {
    return Status(ENOMEM, "no memory for the request");
  }
}

}  // namespace vexfs

#endif  // VEXFS_BASE_GUARDED_H_
