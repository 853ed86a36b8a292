// Events come in one by one and are acted on together, in their order.
#include "engine/storage/name_changes.h"

#include <algorithm>

#include "base/log.h"

namespace vexfs::engine {

void NameChanges::lost(ObjectId object) { events_.push_back({Event::Kind::kLost, object}); }
void NameChanges::found(ObjectId object) { events_.push_back({Event::Kind::kFound, object}); }
void NameChanges::moved(ObjectId object) { events_.push_back({Event::Kind::kMoved, object}); }

void NameChanges::act_on(const Event& event, Maker maker) {
  if (event.kind == Event::Kind::kLost && orphans_.add(event.object, Clock::now())) {
    slots_.hide(event.object, true);
    store_.wake();
  }
  if (event.kind == Event::Kind::kFound && orphans_.remove(event.object)) {
    slots_.hide(event.object, false);
  }
  if (event.kind != Event::Kind::kLost && maker != Maker::kTextIndex) {
    listeners_.renamed(event.object);
  }
  slots_.place_again(event.object);
}

void NameChanges::settle(Status status, Maker maker) {
  if (!status.ok() && status.error() != ENOENT) {
    log(LogLevel::kWarning, "a change of names is not in the catalog", commit_.failed(status));
    want_reconciliation();
  }
  for (size_t i = 0; i < events_.size(); ++i) act_on(events_[i], maker);
  if (events_.empty() && !store_.catalog->changed()) return;
  events_.clear();
  commit_.note_change();
}

void NameChanges::settle_nameless(ObjectId object) {
  lost(object);
  settle({});
}

bool NameChanges::may_change() {
  if (commit_.may_change().ok()) return true;
  want_reconciliation();
  return false;
}

void NameChanges::want_reconciliation() {
  wanted_ = true;
  known_ = false;
}

void NameChanges::begin_reconciliation(Clock::time_point next) {
  wanted_ = false;
  not_before_ = std::max(not_before_, next);
}

void NameChanges::end_reconciliation() {
  if (wanted_) return;
  known_ = true;
  became_known_.notify_all();
}

void NameChanges::wait_until_known(std::chrono::milliseconds most) const {
  if (known() || most.count() == 0) return;
  const Clock::time_point end = Clock::now() + most;
  MutexLock lock(store_.mutex());
  while (!known()) {
    if (became_known_.wait_until(lock, end) == std::cv_status::timeout) return;
  }
}

}  // namespace vexfs::engine
