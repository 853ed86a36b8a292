// A request is read, answered by a part of the engine, and written as a reply. Whatever goes wrong
// becomes a sentence in the reply.
#include "engine/query_protocol.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "engine/query/control_json.h"
#include "engine/query/query_json.h"
#include "engine/query/reply_json.h"
#include "engine/query/space_json.h"

namespace vexfs::engine {
namespace {

// Runs `step`, which fills the reply or refuses. What it may throw is want of memory alone.
template <typename Step>
void answer(std::string& reply, Step step) {
  try {
    reply.clear();
    const Result<void, Refusal> answered = step();
    if (!answered.ok()) return write_error(answered.failure(), reply);
    if (reply.size() <= limits::kReplyBytesMax) return;
    write_error({E2BIG, "the answer is too long: ask for less, or a directory below"}, reply);
  } catch (const std::exception&) {
    write_error({ENOMEM, "no memory for the answer"}, reply);
  }
}

Result<void, Refusal> answer_query(ProtocolParts& parts, const tree::Credentials& caller,
                                   const ObjectKey& directory, const Query& query,
                                   std::string& reply) {
  VEXFS_TRY(search, parts.search(!query.text.empty()));
  VectorSearchEngine& engine = *search;
  if (query.dups.has_value()) {
    VEXFS_TRY(result, engine.duplicates(caller, directory, query.path, query.space, *query.dups));
    write_duplicates(result, "groups", reply);
    return {};
  }
  VEXFS_TRY(result, engine.search(caller, directory, query));
  write_hits(result, reply);
  return {};
}

Refusal refuse_space(const char* what, const ControlRequest& request, const Status& status) {
  const std::string name = "space " + request.space;
  switch (status.error()) {
    case EEXIST:
      return Refusal(EEXIST, name + " exists");
    case ENOENT:
      return Refusal(ENOENT, "there is no " + name);
    case EINVAL:
      return Refusal(EINVAL, name + ": " + status.what());
    default:
      return Refusal(status.error(), name + " cannot be " + what + ": " + status.what());
  }
}

void write_spaces(VectorStorageManager& storage, bool counts, std::string& reply) {
  std::vector<store::Space> spaces = storage.spaces();
  std::sort(spaces.begin(), spaces.end(),
            [](const store::Space& a, const store::Space& b) { return a.name < b.name; });
  JsonWriter json(reply);
  json.object().key("spaces").array();
  for (const store::Space& space : spaces) append_space(space, counts, json);
  json.end().end();
  reply += '\n';
}

Result<void, Refusal> create_space(VectorStorageManager& storage, const ControlRequest& request,
                                   std::string& reply) {
  if (is_text_space(request.space)) {
    return Refusal(EPERM, "space " + request.space + ": the name is kept for texts of files");
  }
  const Status status = storage.create_space(request.space, request.parameters);
  if (!status.ok()) return refuse_space("made", request, status);
  for (const store::Space& space : storage.spaces()) {
    if (space.name != request.space) continue;
    JsonWriter json(reply);
    json.object().key("created");
    append_space(space, true, json);
    json.end();
    reply += '\n';
  }
  return {};
}

Result<void, Refusal> drop_space(VectorStorageManager& storage, const ControlRequest& request,
                                 std::string& reply) {
  if (request.space == kNextTextSpace) {
    return Refusal(EPERM,
                   "space " + request.space + " goes when the former embedder is asked for again");
  }
  const Status status = storage.drop_space(request.space);
  if (!status.ok()) return refuse_space("dropped", request, status);
  JsonWriter(reply).object().member("dropped", request.space).end();
  reply += '\n';
  return {};
}

Result<void, Refusal> sync(ProtocolParts& parts, std::string& reply) {
  if (const Status status = parts.sync_text(); !status.ok()) {
    return Refusal(status.error(), std::string("changes cannot be made durable: ") + status.what());
  }
  reply = "{\"synced\":true}\n";
  return {};
}

Result<void, Refusal> index_text(ProtocolParts& parts, bool privileged, std::string& reply) {
  if (!privileged) {
    return Refusal(EPERM, "only root and the owner of the mount may have text indexed");
  }
  if (const Status status = parts.index_text(); !status.ok()) {
    return Refusal(status.error(), std::string("text cannot be indexed: ") + status.what());
  }
  write_progress(parts.text_progress(), privileged, reply);
  return {};
}

Result<void, Refusal> choose_embedder(ProtocolParts& parts, bool privileged,
                                      const ControlRequest& request, std::string& reply) {
  if (!privileged) {
    return Refusal(EPERM, "only root and the owner of the mount may choose an embedder");
  }
  VEXFS_CHECK_OK(parts.choose_embedder(request.embedder));
  write_progress(parts.text_progress(), privileged, reply);
  return {};
}

// Whoever asks control for progress waits for the end of indexing, so indexing hurries. The mount's
// status is for those who only look.
void report_progress(ProtocolParts& parts, bool privileged, std::string& reply) {
  if (privileged) parts.hurry();
  write_progress(parts.text_progress(), privileged, reply);
}

// Answers what asks about files in `directory`, of those that `caller` may see.
Result<void, Refusal> answer_about_files(VectorSearchEngine& engine,
                                         const tree::Credentials& caller,
                                         const ObjectKey& directory, const ControlRequest& request,
                                         std::string& reply) {
  using Action = ControlRequest::Action;
  if (request.action == Action::kDuplicates) {
    VEXFS_TRY(result,
              engine.duplicates(caller, directory, request.path, request.space, request.distance));
    write_duplicates(result, "duplicates", reply);
    return {};
  }
  if (request.action == Action::kList) {
    VEXFS_TRY(list, engine.list(caller, directory, request.path, request.space, request.after,
                                request.limit));
    write_files(list, reply);
    return {};
  }
  VEXFS_TRY(list, engine.failures(caller, directory, request.path, request.after, request.limit));
  write_failures(list, reply);
  return {};
}

Result<void, Refusal> change_spaces(ProtocolParts& parts, bool privileged,
                                    const ControlRequest& request, std::string& reply) {
  const bool creates = request.action == ControlRequest::Action::kCreateSpace;
  // A first space makes the store; dropping a space never does.
  VEXFS_TRY(storage, parts.storage(privileged && creates));
  if (!privileged) {
    return Refusal(EPERM, "only root and the owner of the mount may change spaces");
  }
  return creates ? create_space(*storage, request, reply) : drop_space(*storage, request, reply);
}

}  // namespace

void answer_json(ProtocolParts& parts, const tree::Credentials& caller, const ObjectKey& directory,
                 std::string_view request, std::string& reply) {
  answer(reply, [&]() -> Result<void, Refusal> {
    VEXFS_TRY(parsed, parse_query_json(request));
    return answer_query(parts, caller, directory, parsed, reply);
  });
}

void answer_f32(ProtocolParts& parts, const tree::Credentials& caller, const ObjectKey& directory,
                std::span<const std::byte> request, std::string& reply) {
  answer(reply, [&]() -> Result<void, Refusal> {
    const size_t floats = request.size() / sizeof(float);
    if (request.size() % sizeof(float) != 0 || floats == 0 || floats > limits::kDimMax) {
      return Refusal(EINVAL, "a vector is 1 to " + std::to_string(limits::kDimMax) +
                                 " little-endian float32 numbers, 4 bytes each; these are " +
                                 std::to_string(request.size()) + " bytes");
    }
    Query parsed;
    parsed.vector.resize(floats);
    std::memcpy(parsed.vector.data(), request.data(), request.size());
    return answer_query(parts, caller, directory, parsed, reply);
  });
}

void control_json(ProtocolParts& parts, const tree::Credentials& caller, bool privileged,
                  const ObjectKey& directory, std::string_view request, std::string& reply) {
  using Action = ControlRequest::Action;
  answer(reply, [&]() -> Result<void, Refusal> {
    VEXFS_TRY(parsed, parse_control_json(request));
    switch (parsed.action) {
      case Action::kSync:
        return sync(parts, reply);
      case Action::kIndex:
        return index_text(parts, privileged, reply);
      case Action::kEmbedder:
        return choose_embedder(parts, privileged, parsed, reply);
      case Action::kProgress:
        report_progress(parts, privileged, reply);
        return {};
      case Action::kSpaces: {
        if (parts.never_had_store()) {
          reply = "{\"spaces\":[]}\n";
          return {};
        }
        VEXFS_TRY(storage, parts.storage(false));
        write_spaces(*storage, privileged, reply);
        return {};
      }
      case Action::kCreateSpace:
      case Action::kDropSpace:
        return change_spaces(parts, privileged, parsed, reply);
      case Action::kFailures:
        if (parts.never_had_store()) {
          write_failures({}, reply);
          return {};
        }
        [[fallthrough]];
      case Action::kList:
      case Action::kDuplicates:
        break;
    }
    VEXFS_TRY(search, parts.search(false));
    return answer_about_files(*search, caller, directory, parsed, reply);
  });
}

}  // namespace vexfs::engine
