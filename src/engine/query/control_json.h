// Requests to administer spaces, in JSON; see Engine::control_json.
#ifndef VEXFS_ENGINE_QUERY_CONTROL_JSON_H_
#define VEXFS_ENGINE_QUERY_CONTROL_JSON_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "base/vector_space.h"
#include "engine/query/query.h"
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
  std::string space;           // Of those that name one; kList and kDuplicates need not.
  SpaceParameters parameters;  // kCreateSpace.
  std::string after;           // kList, kFailures.
  uint32_t limit = limits::kListedFilesMax;
  float distance = 0;             // kDuplicates.
  text::EmbedderChoice embedder;  // kEmbedder.
  std::string path;               // Scope of kList, kDuplicates and kFailures.
};

// EINVAL with a sentence in `error`.
Status parse_control_json(std::string_view text, ControlRequest& request, QueryError& error);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_CONTROL_JSON_H_
