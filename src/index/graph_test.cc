// Slots get and lose rows, upper rows are used again, and an entry is found anew.
#include "index/graph.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>

#include "base/sanitizer.h"

namespace vexfs::index {
namespace {

// No memory becomes writable while it lives.
class NoMoreMemory {
 public:
  NoMoreMemory() {
    EXPECT_EQ(::getrlimit(RLIMIT_DATA, &before_), 0);
    const rlimit none = {4096, before_.rlim_max};  // Linux takes 0 for no limit (mm/mmap.c).
    EXPECT_EQ(::setrlimit(RLIMIT_DATA, &none), 0);
  }
  ~NoMoreMemory() { EXPECT_EQ(::setrlimit(RLIMIT_DATA, &before_), 0); }

 private:
  rlimit before_ = {};
};

TEST(Graph, SlotsHaveRowsOnTheirLayers) {
  const std::unique_ptr<Graph> graph = std::move(Graph::create(4)).value();
  ASSERT_TRUE(graph->grow(100).ok());
  ASSERT_TRUE(graph->make_rows(7, 3).ok());
  ASSERT_TRUE(graph->make_rows(8, 0).ok());
  EXPECT_EQ(graph->top_layer(7), 3U);
  EXPECT_EQ(graph->top_layer(8), 0U);
  EXPECT_EQ(graph->upper_row(8, 1), Graph::kNoRow);
  EXPECT_EQ(graph->upper_row(7, 4), Graph::kNoRow);
  for (uint32_t layer = 1; layer <= 3; ++layer) {
    const uint32_t row = graph->upper_row(7, layer);
    ASSERT_NE(row, Graph::kNoRow);
    EXPECT_EQ(graph->upper().header(row, Graph::kSlotWord).load(), 7U);
    EXPECT_EQ(graph->upper().header(row, Graph::kLayerWord).load(), layer);
  }
}

TEST(Graph, APublishedSlotCountsUntilItIsHiddenForEver) {
  const std::unique_ptr<Graph> graph = std::move(Graph::create(4)).value();
  ASSERT_TRUE(graph->grow(100).ok());
  ASSERT_TRUE(graph->make_rows(7, 0).ok());
  EXPECT_FALSE(graph->contains(7));
  graph->publish(7);
  graph->publish(7);
  EXPECT_EQ(graph->size(), 1U);
  EXPECT_TRUE(graph->findable(7));
  graph->hidden().set(7);
  EXPECT_FALSE(graph->findable(7));
  EXPECT_TRUE(graph->contains(7));
  graph->hide_for_ever(7);
  graph->hide_for_ever(7);
  EXPECT_EQ(graph->size(), 0U);
  graph->drop_rows(7);
  graph->publish(7);
  EXPECT_TRUE(graph->findable(7)) << "a slot that is used again is not hidden";
}

TEST(Graph, DroppedUpperRowsAreUsedAgain) {
  const std::unique_ptr<Graph> graph = std::move(Graph::create(4)).value();
  ASSERT_TRUE(graph->grow(100).ok());
  ASSERT_TRUE(graph->make_rows(1, 5).ok());
  ASSERT_TRUE(graph->make_rows(2, 2).ok());
  const uint32_t end = graph->upper_rows_end();
  graph->drop_rows(1);
  ASSERT_TRUE(graph->make_rows(3, 3).ok());
  ASSERT_TRUE(graph->make_rows(4, 2).ok());
  EXPECT_EQ(graph->upper_rows_end(), end);
  EXPECT_EQ(graph->top_layer(3), 3U);
  EXPECT_EQ(graph->top_layer(4), 2U);
  EXPECT_EQ(graph->top_layer(2), 2U);
}

// The column of upper rows grows by huge pages. The last row of one is taken, and there is no
// memory for the row behind it.
TEST(Graph, ASlotThatGetsNoMemoryLeavesNoRows) {
  if (kSanitized) GTEST_SKIP() << "sanitizers map memory of their own at any time";
  const std::unique_ptr<Graph> graph = std::move(Graph::create(64)).value();
  const auto rows =
      static_cast<uint32_t>(MemoryColumn::kHugePageBytes / graph->upper().stride_bytes());
  ASSERT_TRUE(graph->grow(rows).ok());
  for (uint32_t slot = 0; slot + 1 < rows; ++slot) ASSERT_TRUE(graph->make_rows(slot, 1).ok());
  const uint32_t last = rows - 1;
  {
    const NoMoreMemory limit;
    EXPECT_EQ(graph->make_rows(last, 2).error(), ENOMEM);
  }
  EXPECT_EQ(graph->word(last).load(), Graph::kAbsent);
  const uint32_t end = graph->upper_rows_end();
  EXPECT_EQ(end, rows) << "one row was taken";
  ASSERT_TRUE(graph->make_rows(last, 1).ok());
  EXPECT_EQ(graph->upper_rows_end(), end) << "and given back";
}

TEST(Graph, TheNextEntryIsOnTheHighestLayer) {
  const std::unique_ptr<Graph> graph = std::move(Graph::create(4)).value();
  EXPECT_EQ(graph->entry(), Entry{});
  EXPECT_EQ(graph->find_entry(), Entry{});
  ASSERT_TRUE(graph->grow(200).ok());
  for (const auto& [slot, layer] : {std::pair{150U, 0U}, {3U, 2U}, {4U, 3U}}) {
    ASSERT_TRUE(graph->make_rows(slot, layer).ok());
    graph->publish(slot);
  }
  graph->set_entry({4, 3});
  EXPECT_EQ(graph->entry(), (Entry{4, 3}));
  graph->hide_for_ever(4);
  EXPECT_EQ(graph->find_entry(), (Entry{3, 2}));
  graph->hide_for_ever(3);
  EXPECT_EQ(graph->find_entry(), (Entry{150, 0}));
}

}  // namespace
}  // namespace vexfs::index
