// What happened to slots since a change, for replay over a checkpoint, and which slots are free.
//
// Each slot's row keeps the number of the last change that gave it to an owner or freed it, and
// `slots_by_change` orders rows by it. So no log of changes is kept: the rows with a larger number
// than a checkpoint's are what the checkpoint lacks, each slot once, however often it changed.
#include <algorithm>
#include <cerrno>

#include "store/catalog_state.h"

namespace vexfs::store {

ChangeNumber Catalog::last_change() const { return state_->last_change; }

ObjectId Catalog::last_object() const { return state_->last_object; }

Status Catalog::freed_after(SpaceId space, ChangeNumber change, SlotVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kFreedAfter], signed_of(space), signed_of(change));
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) return Status();
    VEXFS_TRY(slot, slot_in(run.integer(0)));
    if (!visit(slot, static_cast<ChangeNumber>(run.integer(1)))) return Status();
  }
}

Status Catalog::passages_after(SpaceId space, ChangeNumber change, PassageVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kPassagesAfter], signed_of(space), signed_of(change));
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) return Status();
    VEXFS_TRY(passage, passage_in(run));
    if (!visit(passage)) return Status();
  }
}

Status Catalog::free_slots(SpaceId space, SlotVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  const OpenSpace* const open = state_->find(space);
  if (open == nullptr) return Status(ENOENT, "no such space");
  const ChangeNumber synced = state_->synced_change.load(std::memory_order_acquire);
  Run run((*state_)[Sql::kFreeSlots], signed_of(space));
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) return Status();
    VEXFS_TRY(slot, slot_in(run.integer(0)));
    // Until the freeing is synced, a loss of power may give the slot back to its owner.
    const auto change = static_cast<ChangeNumber>(run.integer(1));
    if (change > synced || open->slots.is_taken(slot)) continue;
    if (!visit(slot, change)) return Status();
  }
}

// Where the slots would end if those at the end that are free, synced and not taken were given up;
// at most `slots` before the end of now. Reads rows from the end down, so the cost is of what goes.
Result<uint32_t> Catalog::State::end_without_free(const OpenSpace& open, uint32_t slots) {
  const ChangeNumber synced = synced_change.load(std::memory_order_acquire);
  uint32_t end = open.slots.rows_end();
  const uint32_t floor = std::max(open.slots.taken_end(), end - std::min(end, slots));
  Run run((*this)[Sql::kSlotsDown], slot_id(open.space.id, floor), slot_id(open.space.id, end));
  while (end > floor) {
    VEXFS_TRY(found, run.next());
    if (!found) return end;
    VEXFS_TRY(slot, slot_in(run.integer(0)));
    const bool is_free = run.integer(1) == 0;
    const bool is_synced = static_cast<ChangeNumber>(run.integer(2)) <= synced;
    if (static_cast<uint32_t>(slot) + 1 != end || !is_free || !is_synced) return end;
    --end;
  }
  return end;
}

Result<uint32_t> Catalog::shrink(SpaceId space, uint32_t slots) {
  VEXFS_CHECK_OK(state_->begin_change());
  OpenSpace* const open = state_->find(space);
  if (open == nullptr) return Status(ENOENT, "no such space");
  // A slot past the last row is taken: nothing at the end can go.
  if (open->slots.taken_end() > open->slots.rows_end()) return open->slots.end();
  VEXFS_TRY(end, state_->end_without_free(*open, slots));
  if (end < open->slots.rows_end()) {
    VEXFS_CHECK_OK(
        state_->change(Sql::kRemoveSlots, slot_id(space, end), slot_id(space, UINT32_MAX)));
  }
  open->slots.shrink(end);
  return end;
}

}  // namespace vexfs::store
