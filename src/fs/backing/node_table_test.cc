// Tests of NodeTable: counting, identity, growth and shrinking, against a plain map.
#include "fs/backing/node_table.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <vector>

namespace vexfs::fs {
namespace {

FileHandle handle(uint64_t number, uint16_t bytes = 8, uint8_t mount = 0) {
  FileHandle result;
  result.type = 1;
  result.mount = mount;
  result.bytes = bytes;
  std::memset(result.data, 0, sizeof(result.data));
  std::memcpy(result.data, &number, sizeof(number));
  return result;
}

// The inode of a result that must be ok.
NodeInfo remember(NodeTable& table, const FileHandle& of, mode_t mode = S_IFREG | 0644) {
  const Result<NodeInfo> result = table.remember(of, mode);
  EXPECT_TRUE(result.ok());
  return result.ok() ? result.value() : NodeInfo{};
}

// Takes lookups back; whether the inode is gone, and its id with it.
bool forget(NodeTable& table, NodeId node, uint64_t lookups) {
  if (!table.forget(node, lookups)) return false;
  table.retire(node);
  return true;
}

TEST(NodeTableTest, CountsLookupsUntilTheyAreTakenBack) {
  NodeTable table;
  const NodeInfo first = remember(table, handle(7));
  const NodeInfo again = remember(table, handle(7));
  EXPECT_EQ(first.node, again.node);
  EXPECT_EQ(first.generation, again.generation);
  EXPECT_EQ(table.size(), 1U);
  EXPECT_FALSE(forget(table, first.node, 1));
  EXPECT_EQ(table.find(handle(7)).node, first.node);
  EXPECT_TRUE(forget(table, first.node, 1));
  EXPECT_EQ(table.find(handle(7)).node, kNoNode);
  EXPECT_EQ(table.size(), 0U);
}

TEST(NodeTableTest, ForgettingTooMuchOrTheUnknownIsHarmless) {
  NodeTable table;
  const NodeInfo info = remember(table, handle(7));
  EXPECT_TRUE(forget(table, info.node, 1000));
  EXPECT_FALSE(forget(table, info.node, 1));
  EXPECT_FALSE(forget(table, kNoNode, 1));
  EXPECT_FALSE(forget(table, kRootNode, 1));
  EXPECT_FALSE(forget(table, NodeId{~0ULL}, 1));
  EXPECT_FALSE(forget(table, NodeId{0x7fffffffffffffffULL}, 1));
}

TEST(NodeTableTest, FindCountsNothing) {
  NodeTable table;
  EXPECT_EQ(table.find(handle(7)).node, kNoNode);
  const NodeInfo info = remember(table, handle(7));
  EXPECT_EQ(table.find(handle(7)).node, info.node);
  EXPECT_TRUE(forget(table, info.node, 1));
}

TEST(NodeTableTest, EveryPartOfTheHandleTellsInodesApart) {
  NodeTable table;
  FileHandle other_type = handle(7);
  other_type.type = 2;
  const NodeId nodes[] = {remember(table, handle(7)).node, remember(table, handle(8)).node,
                          remember(table, handle(7, 12)).node,
                          remember(table, handle(7, 8, 1)).node, remember(table, other_type).node};
  for (size_t i = 0; i < std::size(nodes); ++i) {
    for (size_t j = 0; j < i; ++j) EXPECT_NE(nodes[i], nodes[j]);
  }
}

TEST(NodeTableTest, GivesBackTheHandleOfEverySize) {
  NodeTable table;
  for (const uint16_t bytes : std::initializer_list<uint16_t>{8, 9, 16, 17, 20, 32, 33, 128}) {
    const FileHandle stored = handle(bytes, bytes);
    const NodeInfo info = remember(table, stored, S_IFDIR | 0755);
    FileHandle read;
    const Result<NodeInfo> result = table.handle_of(info.node, read);
    ASSERT_TRUE(result.ok());
    EXPECT_TRUE(read == stored) << bytes;
    EXPECT_EQ(result.value().type, static_cast<mode_t>(S_IFDIR));
    EXPECT_EQ(result.value().node, info.node);
  }
  FileHandle read;
  EXPECT_EQ(table.handle_of(kRootNode, read).error(), ESTALE);
  EXPECT_EQ(table.handle_of(NodeId{1ULL << 40}, read).error(), ESTALE);
}

TEST(NodeTableTest, AReusedIdHasAnotherGeneration) {
  NodeTable table;
  remember(table, handle(1));
  const NodeInfo old = remember(table, handle(2));
  EXPECT_TRUE(forget(table, old.node, 1));
  const NodeInfo fresh = remember(table, handle(3));
  ASSERT_EQ(fresh.node, old.node);
  EXPECT_NE(fresh.generation, old.generation);
}

TEST(NodeTableTest, AnIdIsNotUsedAgainBeforeItIsRetired) {
  NodeTable table;
  remember(table, handle(1));
  const NodeId old = remember(table, handle(2)).node;
  EXPECT_TRUE(table.forget(old, 1));
  EXPECT_FALSE(table.forget(old, 1));
  table.set_flag(old, NodeFlag::kPinned, true);
  FileHandle read;
  EXPECT_EQ(table.handle_of(old, read).error(), ESTALE);
  const NodeInfo other = remember(table, handle(3));
  EXPECT_NE(other.node, old);
  const NodeInfo again = remember(table, handle(2));
  EXPECT_NE(again.node, old);
  table.retire(old);
  const NodeInfo fresh = remember(table, handle(4));
  EXPECT_EQ(fresh.node, old);
  EXPECT_FALSE(fresh.pinned);
  EXPECT_EQ(table.size(), 4U);
}

TEST(NodeTableTest, FlagsAreSetAndClearedOneByOne) {
  NodeTable table;
  const NodeId node = remember(table, handle(7), S_IFLNK | 0777).node;
  table.set_flag(node, NodeFlag::kOpen, true);
  table.set_flag(node, NodeFlag::kPinned, true);
  NodeInfo info = table.find(handle(7));
  EXPECT_TRUE(info.open && info.pinned && !info.open_for_write);
  table.set_flag(node, NodeFlag::kOpen, false);
  table.set_flag(node, NodeFlag::kOpenForWrite, true);
  info = table.find(handle(7));
  EXPECT_TRUE(!info.open && info.pinned && info.open_for_write);
  EXPECT_EQ(info.type, static_cast<mode_t>(S_IFLNK));
  table.set_flag(kRootNode, NodeFlag::kOpen, true);  // Unknown: nothing happens.
}

// The table grows over several chunks and buckets and shrinks again, in an order that a seed
// decides.
TEST(NodeTableTest, AgreesWithAMap) {
  NodeTable table;
  std::map<uint64_t, uint64_t> lookups;  // Number of a handle -> lookups that are out.
  std::map<uint64_t, NodeId> nodes;
  std::mt19937_64 random(1);
  const auto size_of = [](uint64_t number) {
    return static_cast<uint16_t>(number % 2 == 0 ? 8 : 20);
  };
  for (const uint64_t numbers : {100U, 20000U, 300U, 9000U, 1U}) {
    for (int step = 0; step < 60000; ++step) {
      const uint64_t number = random() % 20000;
      const FileHandle of = handle(number, size_of(number));
      if (number < numbers) {
        const NodeInfo info = remember(table, of);
        if (lookups[number]++ == 0) nodes[number] = info.node;
        ASSERT_EQ(info.node, nodes[number]);
      } else if (lookups.contains(number)) {
        const uint64_t taken = 1 + random() % lookups[number];
        const bool last = taken == lookups[number];
        ASSERT_EQ(forget(table, nodes[number], taken), last);
        if (last) lookups.erase(number);
        if (!last) lookups[number] -= taken;
      }
    }
    ASSERT_EQ(table.size(), lookups.size());
    for (uint64_t number = 0; number < 20000; ++number) {
      const NodeId found = table.find(handle(number, size_of(number))).node;
      ASSERT_EQ(found, lookups.contains(number) ? nodes[number] : kNoNode) << number;
    }
  }
  for (const auto& [number, count] : lookups) EXPECT_TRUE(forget(table, nodes[number], count));
  EXPECT_EQ(table.size(), 0U);
}

// The process's address space in pages: all that is mapped, touched or not.
size_t mapped_pages() {
  std::ifstream statm("/proc/self/statm");
  size_t pages = 0;
  statm >> pages;
  return pages;
}

// 200,000 inodes of all four sizes of records come and go in an order that a seed decides.
TEST(NodeTableTest, ManyInodesOfEverySizeGiveTheirMemoryBack) {
  constexpr uint64_t kInodes = 200000;
  constexpr uint16_t kBytes[] = {8, 12, 20, 128};
  const auto numbered = [&](uint64_t number) { return handle(number, kBytes[number % 4]); };
  std::vector<uint64_t> order(kInodes);
  std::vector<NodeId> nodes(kInodes);
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 random(2);
  NodeTable table;
  const size_t before = mapped_pages();
  for (const uint64_t number : order) nodes[number] = remember(table, numbered(number)).node;
  const size_t full = mapped_pages();
  EXPECT_GT(full, before);
  std::vector<NodeId> sorted = nodes;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()),
            sorted.end());  // No id is given twice.
  std::vector<NodeId>().swap(sorted);
  ASSERT_EQ(table.size(), kInodes);

  std::shuffle(order.begin(), order.end(), random);
  for (size_t i = 0; i < kInodes; ++i) {
    const uint64_t number = order[i];
    FileHandle read;
    ASSERT_EQ(table.find(numbered(number)).node, nodes[number]);
    ASSERT_TRUE(table.handle_of(nodes[number], read).ok());
    ASSERT_TRUE(read == numbered(number));
    ASSERT_TRUE(forget(table, nodes[number], 1));
    ASSERT_EQ(table.find(numbered(number)).node, kNoNode);
    ASSERT_EQ(table.handle_of(nodes[number], read).error(), ESTALE);
    ASSERT_EQ(table.size(), kInodes - i - 1);
  }
  const size_t empty = mapped_pages();
  EXPECT_LT(empty, before + (full - before) / 4);  // A quarter is for the allocator.
  EXPECT_NE(remember(table, numbered(1)).node, kNoNode);
}

}  // namespace
}  // namespace vexfs::fs
