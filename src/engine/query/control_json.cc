// The first member names the action, and those of its object are its details. Types and bounds are
// checked here; what depends on the store is checked by those who have it.
#include "engine/query/control_json.h"

#include <utility>
#include <vector>

#include "base/limits.h"
#include "engine/query/json_members.h"

namespace vexfs::engine {
namespace {

using Type = JsonMember::Type;
using Action = ControlRequest::Action;

Result<void, Refusal> take_metric(const JsonMember& member, Metric& metric) {
  const auto named = member.type == Type::kWord ? metric_of(member.word) : std::nullopt;
  if (!named.has_value()) return refuse_member(member, "cosine, l2 or ip");
  metric = *named;
  return {};
}

Result<void, Refusal> take_storage(const JsonMember& member, ElementType& element) {
  const auto named = member.type == Type::kWord ? element_of(member.word) : std::nullopt;
  if (!named.has_value()) return refuse_member(member, "f32 or f16");
  element = *named;
  return {};
}

// Takes a member of the object of "create_space".
Result<void, Refusal> take_parameter(JsonMember& member, ControlRequest& request) {
  SpaceParameters& parameters = request.parameters;
  const std::string_view name = member.name;
  if (name == "name") return take_word(member, request.space);
  if (name == "dim") return take_count(member, 1, limits::kDimMax, parameters.dim);
  if (name == "metric") return take_metric(member, parameters.metric);
  if (name == "storage") return take_storage(member, parameters.element);
  if (name == "m") return take_count(member, 2, limits::kMMax, parameters.m);
  if (name == "ef_construction") {
    return take_count(member, 1, limits::kEfMax, parameters.ef_construction);
  }
  if (name == "ef_search") {
    return take_count(member, 0, limits::kEfMax, parameters.ef_search);
  }
  return Refusal(EINVAL, "unknown member create_space." + member.name);
}

// Takes a member of the object of "list", "failures" or "duplicates".
Result<void, Refusal> take_detail(JsonMember& member, ControlRequest& request) {
  const std::string_view name = member.name;
  const bool failures = request.action == Action::kFailures;
  const bool lists = request.action == Action::kList || failures;
  if (!failures && name == "space") return take_word(member, request.space);
  if (name == "path") return take_word(member, request.path);
  if (lists && name == "after") return take_word(member, request.after);
  if (lists && name == "limit") {
    return take_count(member, 1, limits::kListedFilesMax, request.limit);
  }
  if (!lists && name == "distance") return take_distance(member, request.distance);
  const char* const action = failures ? "failures." : lists ? "list." : "duplicates.";
  return Refusal(EINVAL, std::string("unknown member ") + action + member.name);
}

// Takes a member of the object of "embedder".
Result<void, Refusal> take_embedder(JsonMember& member, ControlRequest& request) {
  if (!request.embedder.has_value()) request.embedder.emplace(text::remote_embedder());
  text::HttpEmbedderOptions& options = *request.embedder;
  if (member.name == "url") return take_word(member, options.url);
  if (member.name == "model") return take_word(member, options.model);
  if (member.name == "key_file") return take_word(member, options.key_file);
  if (member.name == "dim") return take_count(member, 1, limits::kDimMax, options.dim);
  return Refusal(EINVAL, "unknown member embedder." + member.name);
}

Result<void, Refusal> take_action(JsonMember& member, ControlRequest& request) {
  const std::string_view name = member.name;
  Type wanted = Type::kObject;
  if (name == "spaces" || name == "sync" || name == "index" || name == "progress") {
    request.action = name == "sync"     ? Action::kSync
                     : name == "index"  ? Action::kIndex
                     : name == "spaces" ? Action::kSpaces
                                        : Action::kProgress;
    wanted = Type::kBool;
  } else if (name == "drop_space") {
    request.action = Action::kDropSpace;
    wanted = Type::kWord;
  } else if (name == "create_space") {
    request.action = Action::kCreateSpace;
  } else if (name == "list") {
    request.action = Action::kList;
  } else if (name == "duplicates") {
    request.action = Action::kDuplicates;
  } else if (name == "failures") {
    request.action = Action::kFailures;
  } else if (name == "embedder") {
    request.action = Action::kEmbedder;
  } else {
    return Refusal(EINVAL, "unknown action " + member.name);
  }
  if (member.type != wanted || (wanted == Type::kBool && !member.truth)) {
    return refuse_member(member, wanted == Type::kBool     ? "true"
                                 : wanted == Type::kObject ? "an object"
                                                           : "the name of a space");
  }
  if (wanted == Type::kWord) request.space = std::move(member.word);
  return {};
}

// Finds a member of the object of the action.
const JsonMember* find(const std::vector<JsonMember>& members, std::string_view name) {
  for (const JsonMember& member : members) {
    if (member.parent == 0 && member.name == name) return &member;
  }
  return nullptr;
}

}  // namespace

Result<ControlRequest, Refusal> parse_control_json(std::string_view text) {
  ControlRequest request;
  VEXFS_TRY(members, read_json_members(text));
  if (members.empty()) return Refusal(EINVAL, "the request names no action");
  VEXFS_CHECK_OK(take_action(members.front(), request));
  for (size_t i = 1; i < members.size(); ++i) {
    if (members[i].parent != 0) return Refusal(EINVAL, "the request has more than one action");
    if (request.action == Action::kCreateSpace) {
      VEXFS_CHECK_OK(take_parameter(members[i], request));
    } else if (request.action == Action::kEmbedder) {
      VEXFS_CHECK_OK(take_embedder(members[i], request));
    } else {
      VEXFS_CHECK_OK(take_detail(members[i], request));
    }
  }
  const auto missing = [&](const char* name) {
    return Refusal(EINVAL, members.front().name + " needs " + name);
  };
  if (request.action == Action::kCreateSpace) {
    if (request.space.empty()) return missing("a name");
    if (find(members, "dim") == nullptr) return missing("dim");
  }
  if (request.embedder.has_value()) {
    if (request.embedder->url.empty()) return missing("url");
    if (request.embedder->model.empty()) return missing("model");
  }
  if (request.action == Action::kDropSpace && request.space.empty()) return missing("a name");
  if (request.action == Action::kDuplicates && find(members, "distance") == nullptr) {
    return missing("distance");
  }
  return request;
}

}  // namespace vexfs::engine
