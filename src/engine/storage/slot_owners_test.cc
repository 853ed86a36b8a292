// None, one and several directories, and back.
#include "engine/storage/slot_owners.h"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace vexfs::engine {
namespace {

using Row = std::tuple<uint32_t, uint64_t, uint32_t>;

std::vector<Row> rows(const SlotOwners& owners) {
  std::vector<Row> list;
  owners.visit([&](Slot slot, ObjectId object, DirectoryIndex directory) {
    list.emplace_back(static_cast<uint32_t>(slot), static_cast<uint64_t>(object),
                      static_cast<uint32_t>(directory));
  });
  return list;
}

constexpr auto kNone = static_cast<uint32_t>(kNoDirectory);

TEST(SlotOwners, FollowEachChange) {
  SlotOwners owners;
  EXPECT_TRUE(rows(owners).empty());
  const std::vector<DirectoryIndex> one = {DirectoryIndex{3}};
  const std::vector<DirectoryIndex> two = {DirectoryIndex{3}, DirectoryIndex{8}};
  owners.set(Slot{2}, ObjectId{20}, one);
  owners.set(Slot{0}, ObjectId{10}, {});
  owners.set(Slot{5}, ObjectId{50}, two);
  EXPECT_EQ(rows(owners), (std::vector<Row>{{0, 10, kNone}, {2, 20, 3}, {5, 50, 3}, {5, 50, 8}}));
  owners.set(Slot{5}, ObjectId{51}, one);
  owners.set(Slot{0}, ObjectId{10}, two);
  owners.clear(Slot{2});
  owners.clear(Slot{99});
  EXPECT_EQ(rows(owners), (std::vector<Row>{{0, 10, 3}, {0, 10, 8}, {5, 51, 3}}));
  EXPECT_EQ(owners.object_of(Slot{5}), ObjectId{51});
  EXPECT_EQ(owners.object_of(Slot{2}), kNoObject);
  EXPECT_EQ(owners.object_of(Slot{6}), kNoObject);
  owners.clear(Slot{0});
  EXPECT_EQ(rows(owners), (std::vector<Row>{{5, 51, 3}}));
}

}  // namespace
}  // namespace vexfs::engine
