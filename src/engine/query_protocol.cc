// Text in, text out; whatever goes wrong is a sentence in the reply.
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

// Runs `step`, which fills the reply or else the error. Memory is the only thing that it can lack.
template <typename Step>
void answer(std::string& reply, Step step) {
  QueryError error;
  try {
    reply.clear();
    if (const Status status = step(error); status.ok()) {
      if (reply.size() <= limits::kReplyBytesMax) return;
      error = {E2BIG, "the answer is too long: ask for less, or a directory below"};
    }
  } catch (const std::exception&) {
    error = {ENOMEM, "no memory for the answer"};
  }
  write_error(error, reply);
}

Status answer_query(VectorSearchEngine& engine, const tree::Credentials& caller,
                    const ObjectKey& directory, const QueryRequest& request, std::string& reply,
                    QueryError& error) {
  if (request.dups.has_value()) {
    VEXFS_TRY(result, engine.duplicates(caller, directory, request.path, request.space,
                                        *request.dups, error));
    write_duplicates(result, "groups", reply);
    return {};
  }
  VEXFS_TRY(result, engine.search(caller, directory, request.query(), error));
  write_hits(result, reply);
  return {};
}

Status refuse_space(QueryError& error, const char* what, const ControlRequest& request,
                    const Status& status) {
  const std::string name = "space " + request.space;
  switch (status.error()) {
    case EEXIST:
      return refuse(error, EEXIST, name + " exists");
    case ENOENT:
      return refuse(error, ENOENT, "there is no " + name);
    case EINVAL:
      return refuse(error, EINVAL, name + ": " + status.what());
    default:
      return refuse(error, status.error(), name + " cannot be " + what + ": " + status.what());
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

Status create_space(VectorStorageManager& storage, const ControlRequest& request,
                    std::string& reply, QueryError& error) {
  if (is_text_space(request.space)) {
    return refuse(error, EPERM, "space " + request.space + ": the name is kept for texts of files");
  }
  const Status status = storage.create_space(request.space, request.parameters);
  if (!status.ok()) return refuse_space(error, "made", request, status);
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

Status drop_space(VectorStorageManager& storage, const ControlRequest& request, std::string& reply,
                  QueryError& error) {
  if (request.space == kNextTextSpace) {
    return refuse(error, EPERM,
                  "space " + request.space + " goes when the former embedder is asked for again");
  }
  const Status status = storage.drop_space(request.space);
  if (!status.ok()) return refuse_space(error, "dropped", request, status);
  JsonWriter(reply).object().member("dropped", request.space).end();
  reply += '\n';
  return {};
}

Status sync(VectorStorageManager& storage, std::string& reply, QueryError& error) {
  if (const Status status = storage.flush(); !status.ok()) {
    return refuse(error, status.error(),
                  std::string("changes cannot be made durable: ") + status.what());
  }
  reply = "{\"synced\":true}\n";
  return {};
}

}  // namespace

void answer_json(VectorSearchEngine& engine, const tree::Credentials& caller,
                 const ObjectKey& directory, std::string_view request, std::string& reply) {
  answer(reply, [&](QueryError& error) -> Status {
    QueryRequest parsed;
    VEXFS_CHECK_OK(parse_query_json(request, parsed, error));
    return answer_query(engine, caller, directory, parsed, reply, error);
  });
}

void answer_f32(VectorSearchEngine& engine, const tree::Credentials& caller,
                const ObjectKey& directory, std::span<const std::byte> request,
                std::string& reply) {
  answer(reply, [&](QueryError& error) -> Status {
    const size_t floats = request.size() / sizeof(float);
    if (request.size() % sizeof(float) != 0 || floats == 0 || floats > limits::kDimMax) {
      return refuse(error, EINVAL,
                    "a vector is 1 to " + std::to_string(limits::kDimMax) +
                        " little-endian float32 numbers, 4 bytes each; these are " +
                        std::to_string(request.size()) + " bytes");
    }
    QueryRequest parsed;
    parsed.vector.resize(floats);
    std::memcpy(parsed.vector.data(), request.data(), request.size());
    return answer_query(engine, caller, directory, parsed, reply, error);
  });
}

void control_json(VectorSearchEngine& engine, VectorStorageManager& storage,
                  const tree::Credentials& caller, bool privileged, const ObjectKey& directory,
                  std::string_view request, std::string& reply) {
  using Action = ControlRequest::Action;
  answer(reply, [&](QueryError& error) -> Status {
    ControlRequest parsed;
    VEXFS_CHECK_OK(parse_control_json(request, parsed, error));
    const bool changes =
        parsed.action == Action::kCreateSpace || parsed.action == Action::kDropSpace;
    if (changes && !privileged) {
      return refuse(error, EPERM, "only root and the owner of the mount may change spaces");
    }
    switch (parsed.action) {
      case Action::kSpaces:
        write_spaces(storage, privileged, reply);
        return {};
      case Action::kCreateSpace:
        return create_space(storage, parsed, reply, error);
      case Action::kDropSpace:
        return drop_space(storage, parsed, reply, error);
      case Action::kSync:
        return sync(storage, reply, error);
      case Action::kList: {
        VEXFS_TRY(list, engine.list(caller, directory, parsed.path, parsed.space, parsed.after,
                                    parsed.limit, error));
        write_files(list, reply);
        return {};
      }
      case Action::kFailures: {
        VEXFS_TRY(list, engine.failures(caller, directory, parsed.path, parsed.after, parsed.limit,
                                        error));
        write_failures(list, reply);
        return {};
      }
      case Action::kIndex:
      case Action::kProgress:
      case Action::kEmbedder:
        break;  // Engine::control_json.
      case Action::kDuplicates: {
        VEXFS_TRY(result, engine.duplicates(caller, directory, parsed.path, parsed.space,
                                            parsed.distance, error));
        write_duplicates(result, "duplicates", reply);
        return {};
      }
    }
    return refuse(error, ENOTSUP, "the request is for the whole engine");
  });
}

void answer_error(const QueryError& error, std::string& reply) { write_error(error, reply); }

}  // namespace vexfs::engine
