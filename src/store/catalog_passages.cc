// Passages and the slots that they own.
//
// A slot's row says who owns it: an object and ordinal, or nobody. Replacing a passage frees its
// old slot and takes another, in one transaction, so the row in the vector file that the catalog on
// disk refers to is never overwritten. Each change of a slot gets the next change number.
#include <algorithm>
#include <cerrno>

#include "base/limits.h"
#include "store/catalog_state.h"

namespace vexfs::store {
namespace {

// Calls back with the passage in each row of the run.
Status visit_passages(Run& run, Catalog::PassageVisitor visit) {
  for (;;) {
    VEXFS_TRY(found, run.next());
    if (!found) return Status();
    VEXFS_TRY(passage, passage_in(run));
    if (!visit(passage)) return Status();
  }
}

Result<std::optional<Passage>> passage_from(Run& run) {
  VEXFS_TRY(found, run.next());
  if (!found) return std::optional<Passage>();
  VEXFS_TRY(passage, passage_in(run));
  return std::optional<Passage>(passage);
}

}  // namespace

Result<Slot> slot_in(int64_t id) {
  if (slot_of(id) >= limits::kSlotsMax) return Status(EUCLEAN, "a slot of the catalog");
  return Slot{slot_of(id)};
}

Result<Passage> passage_in(const Run& run) {
  VEXFS_TRY(slot, slot_in(run.integer(0)));
  const int64_t object = run.integer(1);
  const int64_t ordinal = run.integer(2);
  const int64_t line = run.integer(6);
  if (object < 0 || ordinal < 0 || ordinal > UINT32_MAX || line < 0 || line > UINT32_MAX) {
    return Status(EUCLEAN, "a passage of the catalog");
  }
  return Passage{.object = ObjectId{static_cast<uint64_t>(object)},
                 .ordinal = static_cast<uint32_t>(ordinal),
                 .slot = slot,
                 .change = static_cast<ChangeNumber>(run.integer(3)),
                 .start = static_cast<uint64_t>(run.integer(4)),
                 .end = static_cast<uint64_t>(run.integer(5)),
                 .line = static_cast<uint32_t>(line)};
}

Result<Slot> Catalog::take_slot(SpaceId space) {
  VEXFS_CHECK_OK(state_->begin_change());
  OpenSpace* const open = state_->find(space);
  if (open == nullptr) return Status(ENOENT, "no such space");
  return open->slots.take();
}

Status Catalog::offer_slot(SpaceId space, Slot slot) {
  VEXFS_CHECK_OK(state_->begin_change());
  OpenSpace* const open = state_->find(space);
  if (open == nullptr) return Status(ENOENT, "no such space");
  const auto number = static_cast<uint32_t>(slot);
  if (number >= open->slots.end()) return Status(EINVAL, "the slot was never given out");
  if (number < open->slots.rows_end() && !open->slots.is_taken(slot)) {
    Run run((*state_)[Sql::kGetSlot], slot_id(space, number));
    VEXFS_TRY(passage, passage_from(run));
    if (passage && passage->object != kNoObject) return Status(EINVAL, "the slot is in use");
    if (passage && passage->change > state_->synced_change.load(std::memory_order_acquire)) {
      return Status(EBUSY, "the slot's freeing is not on the disk");
    }
  }
  return open->slots.offer(slot);
}

// Makes rows without an owner for the slots between the last row and `end`, as every slot below the
// last row has one. They were taken by writes that are not through yet, or came back from some.
Status Catalog::State::add_free_rows(const OpenSpace& open, uint32_t end, ChangeNumber freed) {
  for (uint32_t slot = open.slots.rows_end(); slot < end; ++slot) {
    VEXFS_CHECK_OK(change(Sql::kAddSlot, slot_id(open.space.id, slot), signed_of(open.space.id),
                          int64_t{0}, int64_t{slot}, signed_of(freed), int64_t{0}, int64_t{0},
                          int64_t{0}));
  }
  return Status();
}

// Makes the passage the owner of its slot. kTakeSlot changes no row that has an owner already,
// which is how a slot that was given out twice is noticed.
Status Catalog::State::own_slot(OpenSpace& open, const Passage& passage) {
  const auto number = static_cast<uint32_t>(passage.slot);
  const int64_t id = slot_id(open.space.id, number);
  if (number < open.slots.rows_end()) {
    VEXFS_CHECK_OK(change(Sql::kTakeSlot, id, signed_of(passage.object), signed_of(passage.ordinal),
                          signed_of(passage.change), signed_of(passage.start),
                          signed_of(passage.end), signed_of(passage.line)));
    if (db.changed_rows() == 1) return Status();
    return lose(Status(EUCLEAN, "a slot was given out twice"));
  }
  VEXFS_CHECK_OK(add_free_rows(open, number, passage.change));
  VEXFS_CHECK_OK(change(Sql::kAddSlot, id, signed_of(open.space.id), signed_of(passage.object),
                        signed_of(passage.ordinal), signed_of(passage.change),
                        signed_of(passage.start), signed_of(passage.end), signed_of(passage.line)));
  open.slots.set_rows_end(number + 1);
  return Status();
}

Result<ChangeNumber> Catalog::put_passage(SpaceId space, Passage passage) {
  VEXFS_CHECK_OK(state_->begin_change());
  OpenSpace* const open = state_->find(space);
  if (open == nullptr) return Status(ENOENT, "no such space");
  if (passage.object == kNoObject || passage.start > INT64_MAX || passage.end > INT64_MAX) {
    return Status(EINVAL, "the passage");
  }
  if (!open->slots.is_taken(passage.slot)) return Status(EINVAL, "the slot was not taken");
  int64_t before = -1;
  {
    Run run((*state_)[Sql::kFindSlot], signed_of(passage.object), signed_of(space),
            signed_of(passage.ordinal));
    VEXFS_TRY(found, run.next());
    if (found) before = run.integer(0);
  }
  // Both rows get the same change number: to replay they are one change.
  passage.change = state_->last_change + 1;
  if (before >= 0) {
    VEXFS_CHECK_OK(state_->change(Sql::kFreeSlot, before, signed_of(passage.change)));
  }
  VEXFS_CHECK_OK(state_->own_slot(*open, passage));
  open->slots.put(passage.slot);
  if (before < 0) {
    ++open->space.vectors;
    open->counted = false;
  }
  state_->last_change = passage.change;
  return passage.change;
}

Result<uint32_t> Catalog::remove_passages(SpaceId space, ObjectId object, uint32_t from_ordinal) {
  VEXFS_CHECK_OK(state_->begin_change());
  OpenSpace* const open = state_->find(space);
  if (open == nullptr) return Status(ENOENT, "no such space");
  if (object == kNoObject) return Status(EINVAL, "no object");
  for (uint32_t removed = 0;; ++removed) {
    int64_t id = 0;
    {
      Run run((*state_)[Sql::kFirstSlotFrom], signed_of(object), signed_of(space),
              signed_of(from_ordinal));
      VEXFS_TRY(found, run.next());
      if (!found) return removed;
      id = run.integer(0);
    }
    VEXFS_CHECK_OK(state_->change(Sql::kFreeSlot, id, signed_of(state_->last_change + 1)));
    // An entry of a damaged index may lead to no row, and would be found again for ever.
    if (state_->db.changed_rows() != 1) {
      return state_->lose(Status(EUCLEAN, "a passage of the catalog"));
    }
    ++state_->last_change;
    --open->space.vectors;
    open->counted = false;
  }
}

Status Catalog::passages_of(SpaceId space, ObjectId object, PassageVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  if (object == kNoObject) return Status(EINVAL, "no object");
  Run run((*state_)[Sql::kPassagesOf], signed_of(object), signed_of(space));
  return visit_passages(run, visit);
}

Result<std::optional<Passage>> Catalog::passage_of(SpaceId space, ObjectId object,
                                                   uint32_t ordinal) {
  VEXFS_CHECK_OK(state_->begin());
  if (object == kNoObject) return Status(EINVAL, "no object");
  Run run((*state_)[Sql::kFindSlot], signed_of(object), signed_of(space), signed_of(ordinal));
  return passage_from(run);
}

Result<std::optional<Passage>> Catalog::passage_at(SpaceId space, Slot slot) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kGetSlot], slot_id(space, static_cast<uint32_t>(slot)));
  VEXFS_TRY(passage, passage_from(run));
  if (passage && passage->object == kNoObject) return std::optional<Passage>();
  return passage;
}

Result<std::optional<SlotOwner>> Catalog::owner_at(SpaceId space, Slot slot, NameVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kGetOwner], slot_id(space, static_cast<uint32_t>(slot)));
  std::optional<SlotOwner> owner;
  for (;;) {  // There is a row for each name of the object, or one without a name.
    VEXFS_TRY(found, run.next());
    if (!found) return owner;
    if (!owner.has_value()) {
      VEXFS_TRY(passage, passage_in(run));
      VEXFS_TRY(key, key_in(run.bytes(7)));
      owner = SlotOwner{passage, key};
    }
    const ObjectId parent{static_cast<uint64_t>(run.integer(8))};  // NULL is 0.
    if (parent == kNoObject || !visit(parent, run.bytes(9))) return owner;
  }
}

Status Catalog::all_passages(SpaceId space, PassageVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kAllPassages], slot_id(space, 0), slot_id(space, UINT32_MAX));
  return visit_passages(run, visit);
}

Status Catalog::spaces_of(ObjectId object, SpaceVisitor visit) {
  VEXFS_CHECK_OK(state_->begin());
  if (object == kNoObject) return Status(EINVAL, "no object");
  // One look-up for each space in which the object has passages, instead of one for each passage.
  for (int64_t space = 0;;) {
    {
      Run run((*state_)[Sql::kNextSpaceOf], signed_of(object), space);
      VEXFS_TRY(found, run.next());
      if (!found) return Status();
      if (run.integer(0) <= space || run.integer(0) > kSpaceIdMax) {
        return Status(EUCLEAN, "a slot of the catalog");
      }
      space = run.integer(0);
    }
    if (!visit(SpaceId{static_cast<uint32_t>(space)})) return Status();
  }
}

}  // namespace vexfs::store
