// The catalog on a disk that fails: each write, sync, truncation and removal in turn, SQLite's own
// included, fails once, or is where the power goes off. After each, what was synced is there, what
// was committed is there whole or not at all, and no row contradicts another.
#include <functional>
#include <random>
#include <set>

#include "store/testing/catalog_fixture.h"
#include "store/testing/fault_disk.h"

namespace vexfs::store {
namespace {

using Access = Catalog::Access;
using KeptByDisk = FaultDisk::Keep;

constexpr uint64_t kChanges = 7;  // Only the last one is synced.
constexpr SpaceId kSpaceId{1};

constexpr ObjectId object_of(uint64_t change) { return ObjectId{change + 1}; }

// Changes the catalog from state `number` - 1 to `number`: a file with name, passage and document
// is added, and the passage and document of an earlier one change. The last change removes one.
Status change(Catalog& catalog, uint64_t number) {
  if (number == 1) {
    VEXFS_TRY(space, catalog.add_space("text", {.dim = 4}, Filler::kEmbedder, 9));
    EXPECT_EQ(space.id, kSpaceId);
  }
  const std::string name = "file " + std::to_string(number);
  VEXFS_TRY(made, catalog.add_object(key_named(name), ObjectKind::kFile, number));
  EXPECT_EQ(made, object_of(number)) << "ids of what was lost are not used up";
  VEXFS_CHECK_OK(catalog.put_name(kRootObject, name, made));
  for (const uint64_t owner : {number, number / 2}) {
    if (owner == 0) continue;
    VEXFS_TRY(slot, catalog.take_slot(kSpaceId));
    const Passage passage{.object = object_of(owner), .slot = slot, .end = number};
    VEXFS_CHECK_OK(catalog.put_passage(kSpaceId, passage).status());
  }
  Document document;
  document.object = made;
  document.state = DocumentState::kFresh;
  document.space = kSpaceId;
  document.size = number;
  VEXFS_CHECK_OK(catalog.put_document(document));
  if (number >= 2) VEXFS_CHECK_OK(catalog.mark_pending(object_of(number / 2)).status());
  if (number == 6) {
    VEXFS_CHECK_OK(catalog.remove_passages(kSpaceId, object_of(1), 0).status());
    VEXFS_CHECK_OK(catalog.remove_document(object_of(1)));
    VEXFS_CHECK_OK(catalog.remove_object(object_of(1)));
  }
  return catalog.set_mark("state", static_cast<int64_t>(number));
}

// Finds out which state the catalog is in, and expects all of it to be of that state.
uint64_t state_of(Catalog& catalog) {
  EXPECT_EQ(catalog.check().value(), std::vector<std::string>());
  const auto state = static_cast<uint64_t>(catalog.mark("state", 0).value());
  EXPECT_EQ(catalog.spaces().value().size(), state > 0 ? 1U : 0U);
  for (uint64_t file = 1; file <= kChanges; ++file) {
    const ObjectId object = object_of(file);
    const bool there = file <= state && (file != 1 || state < 6);
    EXPECT_EQ(catalog.object(object).value().has_value(), there);
    const auto name = catalog.find_name(kRootObject, "file " + std::to_string(file)).value();
    EXPECT_EQ(name.has_value(), there);
    const auto document = catalog.document(object).value();
    EXPECT_EQ(document.has_value(), there);
    if (state == 0) continue;
    const auto passage = catalog.passage_of(kSpaceId, object, 0).value();
    EXPECT_EQ(passage.has_value(), there);
    if (!there || !document || !passage) continue;
    EXPECT_EQ(document->size, file);
    const bool is_touched = 2 * file <= state;
    EXPECT_EQ(document->state, is_touched ? DocumentState::kPending : DocumentState::kFresh);
    EXPECT_EQ(passage->end, !is_touched ? file : std::min(state, 2 * file + 1));
  }
  return state;
}

// One test for each third of the steps, so that they run side by side.
constexpr int kParts = 3;
class CatalogFaults : public testing::TestWithParam<int> {
 protected:
  // What the calls of a run have answered.
  struct Told {
    uint64_t synced = 0;     // This state is on the disk.
    uint64_t committed = 0;  // This one is in the catalog.
    uint64_t tried = 0;      // This one may be.
  };

  // Makes a catalog and changes it, going on after failures as the engine does.
  static Told run(FileIo& io, const Fd& directory) {
    Told told;
    auto opened = Catalog::open(io, directory, Access::kReadWrite);
    if (!opened.ok()) return told;
    Catalog& catalog = *opened.value();
    for (int attempt = 0; attempt < 2 * static_cast<int>(kChanges); ++attempt) {
      const uint64_t next = told.committed + 1;
      if (next > kChanges) break;
      Status done = change(catalog, next);
      told.tried = next;
      if (done.ok()) done = catalog.commit();
      if (!done.ok()) {
        if (!catalog.roll_back().ok()) break;
        continue;
      }
      told.committed = next;
      if (next % 3 == 0 && catalog.checkpoint().ok()) told.synced = next;
      if (next % 3 == 1 && catalog.sync().ok()) told.synced = next;
    }
    return told;
  }

  static void expect_recovered(const std::map<std::string, std::string>& files, const Told& told) {
    const TemporaryDirectory after;
    for (const auto& [name, bytes] : files) (void)after.create(name.c_str(), bytes);
    FaultDisk disk({});  // Syncs do not wait for the real disk.
    auto opened = Catalog::open(disk, after.fd(), Access::kReadWrite);
    ASSERT_TRUE(opened.ok()) << opened.status().what();
    const uint64_t state = state_of(*opened.value());
    EXPECT_GE(state, told.synced);
    EXPECT_LE(state, told.tried);
    if (state == kChanges) return;
    EXPECT_TRUE(change(*opened.value(), state + 1).ok()) << "it goes on";
    EXPECT_TRUE(opened.value()->commit().ok());
  }
};

TEST_P(CatalogFaults, NoStepLosesWhatWasSyncedOrTearsWhatWasNot) {
  std::mt19937 random(1);
  bool fired = true;
  for (int step = GetParam(); fired && !HasFailure(); step += kParts) {
    for (const FaultDisk::FailAt& plan :
         {FaultDisk::FailAt{.step = step},
          FaultDisk::FailAt{.step = step, .fault = FaultDisk::Fault::kFull},
          FaultDisk::FailAt{.step = step, .persistent = true}}) {
      SCOPED_TRACE(testing::Message() << "step " << step << (plan.persistent ? ", for ever" : "")
                                      << (plan.fault == FaultDisk::Fault::kFull ? ", full" : ""));
      const TemporaryDirectory directory;
      std::vector<std::map<std::string, std::string>> survivors;
      Told told;
      {
        FaultDisk disk(plan);
        told = run(disk, directory.fd());
        fired = disk.fired();
        survivors = {disk.after_power_loss(KeptByDisk::kSome, random),
                     disk.after_power_loss(KeptByDisk::kSynced, random)};
      }
      EXPECT_TRUE(fired || told.synced == kChanges);
      for (const auto& files : survivors) expect_recovered(files, told);
      // The files stay as they are: only the process was lost.
      FaultDisk disk({});
      auto opened = Catalog::open(disk, directory.fd(), Access::kReadWrite);
      ASSERT_TRUE(opened.ok());
      EXPECT_GE(state_of(*opened.value()), told.committed);
    }
    ASSERT_LT(step, 2000);
  }
}

INSTANTIATE_TEST_SUITE_P(Parts, CatalogFaults, testing::Range(0, kParts));

}  // namespace
}  // namespace vexfs::store
