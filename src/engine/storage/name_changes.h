// NameChanges: what changes of names mean for the vectors and texts of files.
#ifndef VEXFS_ENGINE_STORAGE_NAME_CHANGES_H_
#define VEXFS_ENGINE_STORAGE_NAME_CHANGES_H_

#include <atomic>
#include <chrono>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/names/name_table.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/object_slots.h"
#include "engine/storage/open_store.h"
#include "engine/storage/orphans.h"
#include "engine/storage/storage_mutex.h"
#include "engine/storage/text_events.h"

namespace vexfs::engine {

// NameTable reports events in the midst of a change of names. They are kept until the change is
// done; then settle() acts on them: it hides slots or lets them be found again, places owners anew
// and reports to the index of texts. It also knows whether a change went unrecorded, so that the
// tree must be asked (a reconciliation).
//
// Threads: the storage mutex guards all of it; known() and wait_until_known() are called without.
class NameChanges final : public NameEvents {
 public:
  using Clock = std::chrono::steady_clock;

  NameChanges(OpenStore& store, GroupCommit& commit, Orphans& orphans, ObjectSlots& slots,
              TextListeners& listeners)
      : store_(store), commit_(commit), orphans_(orphans), slots_(slots), listeners_(listeners) {}

  // --- Events of NameTable.
  void lost(ObjectId object) override REQUIRES(storage_mutex);
  void found(ObjectId object) override REQUIRES(storage_mutex);
  void moved(ObjectId object) override REQUIRES(storage_mutex);

  // Call it after each call of NameTable that may report events, with what that answered. The
  // index of texts makes names too, which are no news for it.
  enum class Maker { kAnyone, kTextIndex };
  void settle(Status status, Maker maker = Maker::kAnyone) REQUIRES(storage_mutex);
  // The object was made without a name.
  void settle_nameless(ObjectId object) REQUIRES(storage_mutex);
  // Changes of the catalog were lost, and with them what these events are about.
  void forget_events() REQUIRES(storage_mutex) { events_.clear(); }

  // --- Reconciliation. A change that cannot be recorded now is found by one later.
  // Whether names may be changed; no wants a reconciliation.
  bool may_change() REQUIRES(storage_mutex);
  void want_reconciliation() REQUIRES(storage_mutex);
  // When one is due; Clock::time_point::max(): none is wanted.
  Clock::time_point reconciliation_due() const REQUIRES(storage_mutex) {
    return wanted_ ? not_before_ : Clock::time_point::max();
  }
  // One of all names begins. Changes that go unrecorded from now on want another, which is not due
  // before `next`.
  void begin_reconciliation(Clock::time_point next = Clock::time_point::min())
      REQUIRES(storage_mutex);
  // It has ended, and has looked at all names.
  void end_reconciliation() REQUIRES(storage_mutex);

  // See VectorStorageManager::names_known().
  bool known() const { return store_.options.read_only || known_; }
  void wait_until_known(std::chrono::milliseconds most) const EXCLUDES(storage_mutex);

 private:
  struct Event {
    enum class Kind { kLost, kFound, kMoved } kind;
    ObjectId object;
  };
  void act_on(const Event& event, Maker maker) REQUIRES(storage_mutex);

  OpenStore& store_;
  GroupCommit& commit_;
  Orphans& orphans_;
  ObjectSlots& slots_;
  TextListeners& listeners_;

  std::vector<Event> events_ GUARDED_BY(storage_mutex);  // Of the change that is being made.
  bool wanted_ GUARDED_BY(storage_mutex) = false;        // A reconciliation of all names.
  Clock::time_point not_before_ GUARDED_BY(storage_mutex) = Clock::time_point::min();
  // The tree was asked for all names, and no change went unrecorded since.
  std::atomic<bool> known_{false};
  mutable CondVar became_known_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_NAME_CHANGES_H_
