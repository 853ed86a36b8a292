// From a received text to a reply. Only this file knows what failures of requests look like.
#include "cli/tree/reply.h"

#include <cstring>

namespace vexfs::cli {

Reply reply_of(Result<std::string> received) {
  Reply reply;
  if (!received.ok()) {
    reply.problem = received.status().what();
    reply.problem.append(": ").append(std::strerror(received.error()));
    return reply;
  }
  reply.text = std::move(received).value();
  reply.json = Json::parse(reply.text, nullptr, /*allow_exceptions=*/false);
  if (!reply.json.is_object()) {
    reply.problem = "the reply is not a JSON object";
    return reply;
  }
  const Json& error = member(reply.json, "error");
  if (error.is_null()) return reply;
  reply.problem = text_in(error, "message");
  if (reply.problem.empty()) reply.problem = text_in(error, "code");
  if (reply.problem.empty()) reply.problem = "the reply tells of an error, but not of which";
  return reply;
}

}  // namespace vexfs::cli
