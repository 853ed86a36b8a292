// std::chrono knows the calendar; the form is checked here.
#include "engine/query/date.h"

#include <chrono>

#include "base/parse.h"

namespace vexfs::engine {

Result<int64_t> parse_date(std::string_view text) {
  const bool has_time = text.size() == 20;
  if ((text.size() != 10 && !has_time) || text[4] != '-' || text[7] != '-') {
    return Status(EINVAL, "date");
  }
  VEXFS_TRY(year, parse_u64(text.substr(0, 4), 1, 9999));
  VEXFS_TRY(month, parse_u64(text.substr(5, 2), 1, 12));
  VEXFS_TRY(day, parse_u64(text.substr(8, 2), 1, 31));
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return Status(EINVAL, "date");
  const std::chrono::sys_seconds midnight = std::chrono::sys_days(date);
  const int64_t seconds = midnight.time_since_epoch().count();
  if (!has_time) return seconds;
  if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z') {
    return Status(EINVAL, "time");
  }
  VEXFS_TRY(hour, parse_u64(text.substr(11, 2), 0, 23));
  VEXFS_TRY(minute, parse_u64(text.substr(14, 2), 0, 59));
  VEXFS_TRY(second, parse_u64(text.substr(17, 2), 0, 59));
  return seconds + static_cast<int64_t>(hour * 3600 + minute * 60 + second);
}

}  // namespace vexfs::engine
