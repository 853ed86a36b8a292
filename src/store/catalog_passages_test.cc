// Passages and their slots: giving out, replacing, freeing and offering again.
#include <algorithm>
#include <string>
#include <vector>

#include "store/testing/catalog_fixture.h"

namespace vexfs::store {
namespace {

using Passages = CatalogTest;

TEST_F(Passages, AnUpdateTakesANewSlotAndFreesTheOld) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  EXPECT_EQ(put(text, a), Slot{0});
  EXPECT_EQ(put(text, a), Slot{1});
  const std::optional<Passage> passage = catalog().passage_of(text, a, 0).value();
  ASSERT_TRUE(passage.has_value());
  EXPECT_EQ(passage->slot, Slot{1});
  EXPECT_EQ(passage->change, 2U);
  EXPECT_EQ(catalog().last_change(), 2U);
  EXPECT_FALSE(catalog().passage_at(text, Slot{0}).value().has_value());
  EXPECT_EQ(catalog().passage_at(text, Slot{1}).value()->object, a);
  EXPECT_FALSE(catalog().passage_at(text, Slot{2}).value().has_value());
  EXPECT_EQ(vectors(text), 1U);
  EXPECT_EQ(slots_end(text), 2U);
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
}

TEST_F(Passages, KeepEveryField) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  const Slot slot = catalog().take_slot(text).value();
  const Passage given{.object = a,
                      .ordinal = UINT32_MAX,
                      .slot = slot,
                      .change = 99,
                      .start = uint64_t{1} << 40,
                      .end = INT64_MAX,
                      .line = UINT32_MAX};
  ASSERT_EQ(catalog().put_passage(text, given).value(), 1U);
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  const Passage found = catalog().passage_of(text, a, UINT32_MAX).value().value();
  EXPECT_EQ(found.object, a);
  EXPECT_EQ(found.ordinal, given.ordinal);
  EXPECT_EQ(found.slot, slot);
  EXPECT_EQ(found.change, 1U);
  EXPECT_EQ(found.start, given.start);
  EXPECT_EQ(found.end, given.end);
  EXPECT_EQ(found.line, given.line);
}

TEST_F(Passages, RefuseWhatWasNotTaken) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  EXPECT_EQ(catalog().put_passage(text, {.object = a, .slot = Slot{0}}).error(), EINVAL);
  const Slot slot = put(text, a);
  EXPECT_EQ(catalog().put_passage(text, {.object = a, .slot = slot}).error(), EINVAL);
  const Slot next = catalog().take_slot(text).value();
  EXPECT_EQ(catalog().put_passage(text, {.object = kNoObject, .slot = next}).error(), EINVAL);
  EXPECT_EQ(catalog().put_passage(SpaceId{9}, {.object = a, .slot = next}).error(), ENOENT);
  EXPECT_EQ(catalog().take_slot(SpaceId{9}).error(), ENOENT);
  EXPECT_TRUE(catalog().put_passage(text, {.object = a, .slot = next}).ok()) << "nothing was lost";
}

TEST_F(Passages, AreRemovedFromAnOrdinalOn) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  const ObjectId b = file("b");
  for (uint32_t ordinal = 0; ordinal < 5; ++ordinal) put(text, a, ordinal);
  put(text, b);
  EXPECT_EQ(catalog().remove_passages(text, a, 3).value(), 2U);
  EXPECT_EQ(vectors(text), 4U);
  EXPECT_EQ(catalog().last_change(), 8U);
  std::vector<uint32_t> left;
  const auto note = [&](const Passage& passage) {
    left.push_back(passage.ordinal);
    return left.size() < 2;
  };
  ASSERT_TRUE(catalog().passages_of(text, a, note).ok());
  EXPECT_EQ(left, (std::vector<uint32_t>{0, 1})) << "the visitor stopped";
  EXPECT_EQ(catalog().remove_passages(text, a, 0).value(), 3U);
  EXPECT_EQ(catalog().remove_passages(text, a, 0).value(), 0U);
  EXPECT_EQ(vectors(text), 1U);
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
}

TEST_F(Passages, AreFoundBySpaceAndBySlot) {
  const SpaceId text = space("text");
  const SpaceId clip = space("clip");
  const ObjectId a = file("a");
  const ObjectId b = file("b");
  put(clip, a);
  put(text, a);
  put(text, b);
  std::vector<SpaceId> spaces;
  const auto note = [&](SpaceId id) {
    spaces.push_back(id);
    return true;
  };
  ASSERT_TRUE(catalog().spaces_of(a, note).ok());
  EXPECT_EQ(spaces, (std::vector<SpaceId>{text, clip}));
  spaces.clear();
  ASSERT_TRUE(catalog().spaces_of(b, note).ok());
  EXPECT_EQ(spaces, std::vector<SpaceId>{text});
  std::vector<ObjectId> owners;
  ASSERT_TRUE(catalog()
                  .all_passages(text,
                                [&](const Passage& passage) {
                                  owners.push_back(passage.object);
                                  return true;
                                })
                  .ok());
  EXPECT_EQ(owners, (std::vector<ObjectId>{a, b}));
}

TEST_F(Passages, ASlotLeadsToItsOwnersKeyAndNames) {
  const SpaceId text = space("text");
  const SpaceId clip = space("clip");
  const ObjectId a = file("a");
  const ObjectId b = file("b");
  ASSERT_TRUE(catalog().put_name(kRootObject, "one", a).ok());
  ASSERT_TRUE(catalog().put_name(kRootObject, "two", a).ok());
  put(clip, b);
  const Slot old = put(text, a, 3);
  const Slot slot = put(text, a, 3);
  const Slot nameless = put(text, b);
  std::vector<std::string> names;
  size_t names_wanted = 2;
  const auto note = [&](ObjectId parent, std::string_view name) {
    EXPECT_EQ(parent, kRootObject);
    names.emplace_back(name);
    return names.size() < names_wanted;
  };
  const SlotOwner found = catalog().owner_at(text, slot, note).value().value();
  EXPECT_EQ(found.passage.object, a);
  EXPECT_EQ(found.passage.ordinal, 3U);
  EXPECT_EQ(found.passage.slot, slot);
  EXPECT_TRUE(found.key == key_named("a"));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"one", "two"}));
  names.clear();
  names_wanted = 1;
  EXPECT_TRUE(catalog().owner_at(text, slot, note).value().has_value());
  EXPECT_EQ(names.size(), 1U) << "the visitor had enough";
  names.clear();
  EXPECT_TRUE(catalog().owner_at(text, nameless, note).value()->key == key_named("b"));
  EXPECT_FALSE(catalog().owner_at(text, old, note).value().has_value());
  EXPECT_FALSE(catalog().owner_at(text, Slot{99}, note).value().has_value());
  EXPECT_FALSE(catalog().owner_at(SpaceId{99}, slot, note).value().has_value());
  EXPECT_TRUE(names.empty());
}

TEST_F(Passages, AFreedSlotIsGivenOutOnlyWhenItWasSyncedAndOffered) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  const Slot old = put(text, a);
  put(text, a);
  EXPECT_EQ(catalog().offer_slot(text, old).error(), EBUSY);
  ASSERT_TRUE(catalog().commit().ok());
  EXPECT_EQ(catalog().offer_slot(text, old).error(), EBUSY) << "committed, not synced";
  ASSERT_TRUE(catalog().sync().ok());
  EXPECT_NE(catalog().take_slot(text).value(), old) << "not offered";
  ASSERT_TRUE(catalog().offer_slot(text, old).ok());
  EXPECT_EQ(catalog().offer_slot(text, Slot{1}).error(), EINVAL) << "in use";
  EXPECT_EQ(catalog().offer_slot(text, Slot{77}).error(), EINVAL) << "never given out";
  EXPECT_EQ(put(text, a, 1), old);
  EXPECT_EQ(vectors(text), 2U);
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  expect_sound();
  ASSERT_TRUE(catalog().offer_slot(text, Slot{2}).error() == EINVAL) << "taken and never put";
}

TEST_F(Passages, SlotsThatWereTakenAndNotPutAreFree) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  std::vector<Slot> taken;
  for (int i = 0; i < 4; ++i) taken.push_back(catalog().take_slot(text).value());
  ASSERT_TRUE(catalog().put_passage(text, {.object = a, .ordinal = 2, .slot = taken[2]}).ok());
  ASSERT_TRUE(catalog().put_passage(text, {.object = a, .ordinal = 0, .slot = taken[0]}).ok());
  ASSERT_TRUE(catalog().offer_slot(text, taken[1]).ok());
  ASSERT_TRUE(catalog().offer_slot(text, taken[3]).ok());
  EXPECT_EQ(catalog().take_slot(text).value(), taken[1]) << "lowest first";
  commit_and_sync();
  reopen();
  expect_sound();
  EXPECT_EQ(slots_end(text), 3U);
  ASSERT_TRUE(catalog().offer_slot(text, taken[1]).ok());
  EXPECT_EQ(catalog().take_slot(text).value(), taken[1]);
}

}  // namespace
}  // namespace vexfs::store
