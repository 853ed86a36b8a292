// What the parts of the vector engine take of the stack when they start, measured on a painted one.
// Not among them: the catalog, whose SQL is parsed on a thread of limits::kLargeStackBytes.
#include <fcntl.h>

#include <cstdio>
#include <vector>

#include "base/limits.h"
#include "base/testing/painted_stack.h"
#include "engine/space/testing/knn_fixture.h"
#include "index/hnsw_index.h"
#include "store/checkpoint.h"

namespace vexfs::engine {
namespace {

class StartStack : public KnnFixture {
 protected:
  void SetUp() override {
    if (!StackMonitor::kEnabled) GTEST_SKIP() << "sanitizers make frames larger";
    KnnFixture::SetUp();
    // The first allocation off the main thread asks for the number of CPUs, 4 KiB, once a process.
    run_on_painted_stack(parts_++, limits::kLargeStackBytes,
                         [] { std::vector<std::byte>(1000).swap(allocated_); });
  }
  void expect_bound(const char* part, FunctionRef<void()> start) {
    run_on_painted_stack(parts_, limits::kLargeStackBytes, start);
    const uint32_t bytes = StackMonitor::high_water_bytes(parts_++);
    std::printf("%-32s %5u bytes of stack, of %zu\n", part, bytes, limits::kStartStackBytes);
    EXPECT_GT(bytes, 200U) << "nothing was measured";
    EXPECT_LE(bytes, limits::kStartStackBytes) << part;
  }

 private:
  static inline std::vector<std::byte> allocated_;
  static inline uint32_t parts_ = 0;  // Each is measured on a stack of its own.
};

TEST_F(StartStack, ALargeCheckpointKeepsItToo) {
  const std::vector<std::byte> bytes(size_t{20} << 20);  // Several threads sum it.
  const store::CheckpointSection section{1, bytes};
  ASSERT_TRUE(store::write_checkpoint(system_io(), directory_.fd(), store::CheckpointKind::kGraph,
                                      parameters_, 1, {&section, 1})
                  .ok());
  expect_bound("map_newest_checkpoint", [&] {
    auto open = store::map_newest_checkpoint(system_io(), directory_.fd(),
                                             store::CheckpointKind::kGraph, parameters_);
    ASSERT_TRUE(open.ok());
    open.value().release();
  });
}

TEST_F(StartStack, EveryPartKeepsItsBound) {
  for (uint32_t slot = 0; slot < 1000; ++slot) add(slot, slot + 1);
  settle();
  ASSERT_TRUE(knn_->checkpoint().ok());
  knn_.reset();
  vectors_.reset();

  expect_bound("SearchScratches::lease", [&] { EXPECT_TRUE(SearchScratches().lease().ok()); });
  expect_bound("VectorFile::open", [&] {
    auto opened = store::VectorFile::open(system_io(), directory_.fd(), parameters_);
    ASSERT_TRUE(opened.ok());
    vectors_ = std::move(opened.value());
  });
  expect_bound("HnswIndex::create",
               [&] { EXPECT_TRUE(index::HnswIndex::create(parameters_, vectors_->rows()).ok()); });
  reading_ = true;  // open() leaves replay() to this test.
  const ChangeNumber change = change_;
  expect_bound("KnnSearchEngine::open", [&] { open({}, change); });
  EXPECT_EQ(knn_->statistics().linked, 1000U) << "from the checkpoint";
  const std::vector<Slot> freed = {Slot{1}, Slot{2}};
  const std::vector<Slot> set = {Slot{2}, Slot{3}};
  expect_bound("KnnSearchEngine::replay", [&] {
    EXPECT_TRUE(knn_->replay({freed, set, 1000}, change + 4).ok());
  });
  settle();
  EXPECT_EQ(knn_->statistics().linked, 999U);
}

}  // namespace
}  // namespace vexfs::engine
