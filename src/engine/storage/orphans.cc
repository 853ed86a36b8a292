// A set and a delay that doubles.
#include "engine/storage/orphans.h"

#include <algorithm>

namespace vexfs::engine {

bool Orphans::add(store::ObjectId object, Clock::time_point now) {
  if (!objects_.insert(object).second) return false;
  delay_ = std::chrono::milliseconds(0);
  due_ = now;
  return true;
}

bool Orphans::remove(store::ObjectId object) { return objects_.erase(object) > 0; }

void Orphans::set_unknown(Clock::time_point now) {
  unknown_ = true;
  due_ = now;
}

bool Orphans::take_due(Clock::time_point now) {
  if (now < due()) return false;
  delay_ = std::clamp<std::chrono::milliseconds>(delay_ * 2, kDelayMin, kDelayMax);
  due_ = now + delay_;
  return true;
}

}  // namespace vexfs::engine
