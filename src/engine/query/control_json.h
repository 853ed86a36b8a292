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
  // The name that kCreateSpace and kDropSpace need, and kList and kDuplicates may have.
  std::string space;
  SpaceParameters parameters;  // Of kCreateSpace.
  // The page of kList and kFailures: the path before its first file, and its length.
  std::string after;
  uint32_t limit = limits::kListedFilesMax;
  float distance = 0;             // Of kDuplicates.
  text::EmbedderChoice embedder;  // Of kEmbedder; without a value it is the built-in one.
  std::string path;               // The scope of kList, kDuplicates and kFailures.
};

// Reads one request. EINVAL where it is not one.
Result<ControlRequest, Refusal> parse_control_json(std::string_view text);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_CONTROL_JSON_H_
