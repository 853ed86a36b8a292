// The order of the members is part of what clients see.
#include "engine/query/space_json.h"

namespace vexfs::engine {

void append_space_parameters(const SpaceParameters& parameters, JsonWriter& json) {
  json.member("dim", parameters.dim);
  json.member("metric", name_of(parameters.metric));
  json.member("storage", name_of(parameters.element));
  json.member("m", parameters.m);
  json.member("ef_construction", parameters.ef_construction);
  json.member("ef_search", parameters.ef_search);
}

void append_space(const store::Space& space, bool counts, JsonWriter& json) {
  json.object().member("name", space.name);
  append_space_parameters(space.parameters, json);
  if (counts) json.member("vectors", space.vectors);
  json.member("filler", space.filler == store::Filler::kUser ? "user" : "embedder").end();
}

}  // namespace vexfs::engine
