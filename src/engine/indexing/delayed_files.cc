// A map by key, and a set of pointers into it by time.
#include "engine/indexing/delayed_files.h"

#include <algorithm>

#include "base/limits.h"

namespace vexfs::engine {

bool DelayedFiles::delay(const store::ObjectKey& key, std::chrono::milliseconds by, uint32_t tries,
                         Clock::time_point now) {
  constexpr std::chrono::milliseconds kSettleMax{limits::kTextSettleMaxMs};
  const auto [place, made] = files_.try_emplace(std::string(key.view()));
  File& file = place->second;
  if (made) {
    file.key = key;
    file.tries = tries;
    file.latest = now + std::max(kSettleMax, by);
  } else {
    order_.erase({file.due, &file});
  }
  file.due = std::min(now + by, file.latest);
  order_.emplace(file.due, &file);
  return made;
}

void DelayedFiles::pop_first() {
  const File* const file = order_.begin()->second;
  order_.erase(order_.begin());
  files_.erase(std::string(file->key.view()));
}

}  // namespace vexfs::engine
