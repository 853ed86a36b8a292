// guarded(): a fence around libraries that throw.
#ifndef VEXFS_BASE_GUARDED_H_
#define VEXFS_BASE_GUARDED_H_

#include <exception>
#include <utility>

#include "base/status.h"

namespace vexfs {

// What `step` answers, a Status or a Result. Nothing of ours throws, and what libraries do throw
// here is that memory is exhausted: ENOMEM.
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
