// Spaces of the catalog. There are at most limits::kSpacesMax, so all of them are in memory, by id,
// each with the slots that may be given out.
#include <cerrno>

#include "base/limits.h"
#include "store/catalog_state.h"
#include "store/store_directory.h"

namespace vexfs::store {
namespace {

// A space has the fingerprint of an embedder exactly where an embedder fills it.
bool check_filler(Filler filler, uint64_t embedder) {
  return (filler == Filler::kEmbedder) == (embedder != 0);
}

// The columns of a space, checked like anything that comes from a file: each number against its
// type before it is narrowed, then all of them against what a space may be.
Result<Space> space_in(const Run& run) {
  Space space;
  for (int column = 2; column < 10; ++column) {
    const int64_t value = run.integer(column);
    if (value < 0 || value > limits::kSlotsMax) return Status(EUCLEAN, "a space of the catalog");
  }
  const int64_t id = run.integer(0);
  const auto number = [&](int column) { return static_cast<uint32_t>(run.integer(column)); };
  for (const int column : {5, 6, 7}) {
    if (number(column) > UINT16_MAX) return Status(EUCLEAN, "a space of the catalog");
  }
  for (const int column : {3, 4, 8}) {
    if (number(column) > UINT8_MAX) return Status(EUCLEAN, "a space of the catalog");
  }
  space.id = SpaceId{static_cast<uint32_t>(id)};
  space.name = std::string(run.bytes(1));
  space.parameters = {.dim = number(2),
                      .metric = static_cast<Metric>(number(3)),
                      .element = static_cast<ElementType>(number(4)),
                      .m = static_cast<uint16_t>(number(5)),
                      .ef_construction = static_cast<uint16_t>(number(6)),
                      .ef_search = static_cast<uint16_t>(number(7))};
  space.filler = static_cast<Filler>(number(8));
  space.vectors = number(9);
  space.embedder = static_cast<uint64_t>(run.integer(10));
  const bool is_filler = space.filler == Filler::kUser || space.filler == Filler::kEmbedder;
  if (id < 1 || id > kSpaceIdMax || !is_filler || !check_filler(space.filler, space.embedder) ||
      !check_stored_name(space.name).ok() || !check_parameters(space.parameters).ok()) {
    return Status(EUCLEAN, "a space of the catalog");
  }
  return space;
}

}  // namespace

OpenSpace* Catalog::State::find(SpaceId id) {
  for (OpenSpace& open : spaces) {
    if (open.space.id == id) return &open;
  }
  return nullptr;
}

Status Catalog::State::load_spaces() {
  spaces.clear();
  {
    Run run((*this)[Sql::kSpaces]);
    for (;;) {
      VEXFS_TRY(found, run.next());
      if (!found) break;
      VEXFS_TRY(space, space_in(run));
      if (spaces.size() >= limits::kSpacesMax) return Status(EUCLEAN, "too many spaces");
      spaces.push_back(OpenSpace{std::move(space), SpaceSlots(0)});
    }
  }
  for (OpenSpace& open : spaces) {
    Run run((*this)[Sql::kLastSlot], slot_id(open.space.id, 0), slot_id(open.space.id, UINT32_MAX));
    VEXFS_TRY(found, run.next());
    if (!found) continue;
    VEXFS_TRY(last, slot_in(run.integer(0)));
    open.slots = SpaceSlots(static_cast<uint32_t>(last) + 1);
  }
  return Status();
}

Result<Space> Catalog::add_space(std::string_view name, const SpaceParameters& parameters,
                                 Filler filler, uint64_t embedder) {
  VEXFS_CHECK_OK(check_stored_name(name));
  VEXFS_CHECK_OK(check_parameters(parameters));
  if (!check_filler(filler, embedder)) return Status(EINVAL, "fingerprint of the embedder");
  VEXFS_CHECK_OK(state_->begin_change());
  if (state_->spaces.size() >= limits::kSpacesMax) return Status(ENOSPC, "too many spaces");
  Space space{.id = SpaceId{1},
              .name = std::string(name),
              .parameters = parameters,
              .filler = filler,
              .slots_end = 0,
              .vectors = 0,
              .embedder = embedder};
  size_t at = 0;  // Where the lowest id that is not in use belongs.
  while (at < state_->spaces.size() && state_->spaces[at].space.id == space.id) {
    space.id = SpaceId{static_cast<uint32_t>(space.id) + 1};
    ++at;
  }
  VEXFS_CHECK_OK(
      state_->change(Sql::kAddSpace, signed_of(space.id), SqlText{name}, signed_of(parameters.dim),
                     signed_of(parameters.metric), signed_of(parameters.element),
                     signed_of(parameters.m), signed_of(parameters.ef_construction),
                     signed_of(parameters.ef_search), signed_of(filler), signed_of(embedder)));
  state_->spaces.insert(state_->spaces.begin() + static_cast<ptrdiff_t>(at),
                        OpenSpace{space, SpaceSlots(0)});
  return space;
}

Result<std::vector<Space>> Catalog::spaces() {
  VEXFS_CHECK_OK(state_->begin());
  // Another process may have changed the spaces, or those in memory are of a lost transaction.
  if (!state_->writes || state_->lost) VEXFS_CHECK_OK(state_->load());
  std::vector<Space> spaces;
  for (const OpenSpace& open : state_->spaces) {
    spaces.push_back(open.space);
    spaces.back().slots_end = open.slots.end();
  }
  return spaces;
}

Status Catalog::remove_space(SpaceId id) {
  VEXFS_CHECK_OK(state_->begin_change());
  OpenSpace* const open = state_->find(id);
  if (open == nullptr) return Status(ENOENT, "no such space");
  VEXFS_CHECK_OK(state_->change(Sql::kRemoveSlots, slot_id(id, 0), slot_id(id, UINT32_MAX)));
  VEXFS_CHECK_OK(state_->change(Sql::kRemoveSpace, signed_of(id)));
  VEXFS_CHECK_OK(state_->change(Sql::kLeaveSpace, signed_of(id)));
  Result<DocumentCounts> counted = state_->counted_documents();
  if (!counted.ok()) return state_->lose(counted.status());
  state_->documents = counted.value();
  state_->spaces.erase(state_->spaces.begin() + (open - state_->spaces.data()));
  return Status();
}

Status Catalog::rename_space(SpaceId id, std::string_view name) {
  VEXFS_CHECK_OK(check_stored_name(name));
  VEXFS_CHECK_OK(state_->begin_change());
  OpenSpace* const open = state_->find(id);
  if (open == nullptr) return Status(ENOENT, "no such space");
  VEXFS_CHECK_OK(state_->change(Sql::kRenameSpace, signed_of(id), SqlText{name}));
  open->space.name = std::string(name);
  return Status();
}

Status Catalog::move_documents(SpaceId from, SpaceId to) {
  VEXFS_CHECK_OK(state_->begin_change());
  if (state_->find(from) == nullptr || state_->find(to) == nullptr) {
    return Status(ENOENT, "no such space");
  }
  return state_->change(Sql::kMoveDocuments, signed_of(from), signed_of(to));
}

Status Catalog::set_ef_search(SpaceId id, uint16_t ef_search) {
  VEXFS_CHECK_OK(state_->begin_change());
  OpenSpace* const open = state_->find(id);
  if (open == nullptr) return Status(ENOENT, "no such space");
  SpaceParameters parameters = open->space.parameters;
  parameters.ef_search = ef_search;
  VEXFS_CHECK_OK(check_parameters(parameters));
  VEXFS_CHECK_OK(state_->change(Sql::kSetEfSearch, signed_of(id), signed_of(ef_search)));
  open->space.parameters = parameters;
  return Status();
}

}  // namespace vexfs::store
