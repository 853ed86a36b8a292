// Dates as people write them in queries and options.
#ifndef VEXFS_ENGINE_QUERY_DATE_H_
#define VEXFS_ENGINE_QUERY_DATE_H_

#include <cstdint>
#include <string_view>

#include "base/status.h"

namespace vexfs::engine {

// Seconds since the epoch of a date in UTC: "2026-01-31", which is its first second, or
// "2026-01-31T12:30:00Z". EINVAL for anything else.
Result<int64_t> parse_date(std::string_view text);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_DATE_H_
