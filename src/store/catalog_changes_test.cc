// Replay by change number, free slots, and shrinking.
#include <map>

#include "store/testing/catalog_fixture.h"

namespace vexfs::store {
namespace {

class Changes : public CatalogTest {
 protected:
  using Slots = std::map<Slot, ChangeNumber>;
  Slots freed_after(SpaceId space, ChangeNumber change) {
    Slots out;
    const auto note = [&](Slot slot, ChangeNumber at) {
      out[slot] = at;
      return true;
    };
    EXPECT_TRUE(catalog().freed_after(space, change, note).ok());
    return out;
  }
  Slots set_after(SpaceId space, ChangeNumber change) {
    Slots out;
    const auto note = [&](const Passage& passage) {
      out[passage.slot] = passage.change;
      return true;
    };
    EXPECT_TRUE(catalog().passages_after(space, change, note).ok());
    return out;
  }
  std::vector<Slot> free_slots(SpaceId space) {
    std::vector<Slot> out;
    const auto note = [&](Slot slot, ChangeNumber) {
      out.push_back(slot);
      return true;
    };
    EXPECT_TRUE(catalog().free_slots(space, note).ok());
    return out;
  }
};

TEST_F(Changes, AReplayGetsWhatAGraphLacks) {
  const SpaceId text = space("text");
  const SpaceId clip = space("clip");
  const ObjectId a = file("a");
  const ObjectId b = file("b");
  put(text, a);  // Change 1, slot 0.
  put(text, b);  // 2, slot 1.
  put(clip, a);  // 3
  commit_and_sync();
  put(text, a);                                                  // 4, slot 2; frees 0.
  ASSERT_EQ(catalog().remove_passages(text, b, 0).value(), 1U);  // 5; frees 1.
  EXPECT_EQ(set_after(text, 0), (Slots{{Slot{2}, 4}}));
  EXPECT_EQ(freed_after(text, 2), (Slots{{Slot{0}, 4}, {Slot{1}, 5}}));
  EXPECT_EQ(freed_after(text, 4), (Slots{{Slot{1}, 5}}));
  EXPECT_EQ(set_after(text, 4), Slots());
  EXPECT_EQ(set_after(clip, 2), (Slots{{Slot{0}, 3}}));
  EXPECT_EQ(freed_after(clip, 0), Slots());

  // A slot that was freed and taken again is a passage with a newer change.
  commit_and_sync();
  ASSERT_TRUE(catalog().offer_slot(text, Slot{0}).ok());
  EXPECT_EQ(put(text, b), Slot{0});  // 6
  EXPECT_EQ(set_after(text, 5), (Slots{{Slot{0}, 6}}));
  EXPECT_EQ(freed_after(text, 2), (Slots{{Slot{1}, 5}}));
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
}

TEST_F(Changes, FreeSlotsAreThoseWhoseFreeingIsSyncedAndThatNobodyTook) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  for (uint32_t i = 0; i < 6; ++i) put(text, a, i);
  ASSERT_EQ(catalog().remove_passages(text, a, 2).value(), 4U);
  ASSERT_TRUE(catalog().commit().ok());
  EXPECT_TRUE(free_slots(text).empty());
  ASSERT_TRUE(catalog().sync().ok());
  EXPECT_EQ(free_slots(text), (std::vector<Slot>{Slot{2}, Slot{3}, Slot{4}, Slot{5}}));
  ASSERT_TRUE(catalog().offer_slot(text, Slot{3}).ok());
  EXPECT_EQ(free_slots(text).size(), 4U);
  EXPECT_EQ(catalog().take_slot(text).value(), Slot{3});
  EXPECT_EQ(free_slots(text), (std::vector<Slot>{Slot{2}, Slot{4}, Slot{5}}));
}

TEST_F(Changes, ShrinkGivesUpTheEnd) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  for (uint32_t i = 0; i < 8; ++i) put(text, a, i);
  ASSERT_EQ(catalog().remove_passages(text, a, 3).value(), 5U);
  EXPECT_EQ(catalog().shrink(text, 100).value(), 8U) << "not synced";
  commit_and_sync();
  for (const uint32_t slot : {4U, 6U, 7U}) ASSERT_TRUE(catalog().offer_slot(text, Slot{slot}).ok());
  EXPECT_EQ(catalog().shrink(text, 2).value(), 6U) << "no more than asked for";
  EXPECT_EQ(catalog().take_slot(text).value(), Slot{4});
  EXPECT_EQ(catalog().shrink(text, 100).value(), 5U) << "4 is taken";
  EXPECT_EQ(slots_end(text), 5U);
  EXPECT_EQ(catalog().take_slot(text).value(), Slot{5}) << "what was offered past the end is gone";
  EXPECT_EQ(catalog().shrink(text, 100).value(), 6U) << "a fresh slot is taken";
  ASSERT_TRUE(catalog().offer_slot(text, Slot{5}).ok());
  ASSERT_TRUE(catalog().offer_slot(text, Slot{4}).ok());
  EXPECT_EQ(catalog().shrink(text, 100).value(), 3U);
  commit_and_sync();
  expect_sound();
  reopen();
  EXPECT_EQ(slots_end(text), 3U);
  EXPECT_EQ(catalog().take_slot(text).value(), Slot{3});
}

TEST_F(Changes, ShrinkMayTakeAll) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  EXPECT_EQ(catalog().shrink(text, 1).value(), 0U);
  for (uint32_t i = 0; i < 300; ++i) put(text, a, i);
  ASSERT_EQ(catalog().remove_passages(text, a, 0).value(), 300U);
  commit_and_sync();
  EXPECT_EQ(catalog().shrink(text, 1000).value(), 0U);
  EXPECT_EQ(catalog().shrink(SpaceId{9}, 1).error(), ENOENT);
  put(text, a);
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
}

}  // namespace
}  // namespace vexfs::store
