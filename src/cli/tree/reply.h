// Reply: the parsed reply of query, control or status, or the sentence of a failure.
#ifndef VEXFS_CLI_TREE_REPLY_H_
#define VEXFS_CLI_TREE_REPLY_H_

#include <nlohmann/json.hpp>
#include <string>

#include "base/status.h"
#include "cli/tree/json_fields.h"

namespace vexfs::cli {

struct Reply {
  Json json;            // An object, unless there is a problem.
  std::string text;     // The reply as it was received.
  std::string problem;  // A sentence; empty where there is no problem.

  bool ok() const { return problem.empty(); }
};

// Parses what TreeClient::query(), control() or status() returned.
Reply reply_of(Result<std::string> received);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_REPLY_H_
