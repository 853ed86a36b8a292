// A space as the query protocol and the mount's status describe it, in JSON (docs/query.md).
#ifndef VEXFS_ENGINE_QUERY_SPACE_JSON_H_
#define VEXFS_ENGINE_QUERY_SPACE_JSON_H_

#include "base/json_writer.h"
#include "base/vector_space.h"
#include "store/rows.h"

namespace vexfs::engine {

// Appends the members "dim", "metric", "storage", "m", "ef_construction" and "ef_search" to the
// object that is open. parse_control_json() reads the same names.
void append_space_parameters(const SpaceParameters& parameters, JsonWriter& json);

// Appends one object. Without `counts` the number of its vectors is left out, since it counts files
// that the caller may not see.
void append_space(const store::Space& space, bool counts, JsonWriter& json);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_SPACE_JSON_H_
