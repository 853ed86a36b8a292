// Requests to `control`, which administer spaces and the index of texts, in JSON (docs/query.md).
#ifndef VEXFS_ENGINE_QUERY_CONTROL_JSON_H_
#define VEXFS_ENGINE_QUERY_CONTROL_JSON_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/refusal.h"
#include "base/vector_space.h"
#include "text/http_embedder.h"

namespace vexfs::engine {

struct ControlRequest {
  enum class Action : uint8_t {
    kSpaces,
    kCreateSpace,
    kDropSpace,
    kSync,
    kList,
    kDuplicates,
    kIndex,
    kProgress,
    kFailures,
    kEmbedder
  };

  Action action = Action::kSpaces;
  std::string space;           // Of the actions that name a space; optional for some of them.
  SpaceParameters parameters;  // Of kCreateSpace.
  std::string after;           // Of kList and kFailures.
  uint32_t limit = limits::kListedFilesMax;
  float distance = 0;             // Of kDuplicates.
  text::EmbedderChoice embedder;  // Of kEmbedder; nothing: the built-in one.
  std::string path;               // The scope of kList, kDuplicates and kFailures.
};

// Reads one request. EINVAL where it is not one.
Result<ControlRequest, Refusal> parse_control_json(std::string_view text);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_CONTROL_JSON_H_
