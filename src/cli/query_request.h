// QueryRequest: what a query file is asked, as JSON.
#ifndef VEXFS_CLI_QUERY_REQUEST_H_
#define VEXFS_CLI_QUERY_REQUEST_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"

namespace vexfs::cli {

// The members of engine::Query by the names of the protocol; what is empty or 0 is left out.
struct QueryRequest {
  std::span<const float> vector;  // One of this and `like`.
  std::string like;
  std::string space;
  std::vector<std::string> types;
  std::string after;  // YYYY-MM-DD.
  uint32_t k = limits::kHitsDefault;
  uint32_t ef = 0;
  bool exact = false;
};

std::string to_json(const QueryRequest& request);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_QUERY_REQUEST_H_
