// Tests of DirectoryCache: what is kept, what is dropped first, and when descriptors close.
#include "fs/backing/directory_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace vexfs::fs {
namespace {

std::shared_ptr<const Fd> directory() {
  return std::make_shared<const Fd>(Fd(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)));
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

TEST(DirectoryCacheTest, FindsWhatWasPut) {
  DirectoryCache cache;
  EXPECT_EQ(cache.get(NodeId{10}), nullptr);
  const auto fd = directory();
  cache.put(NodeId{10}, fd);
  EXPECT_EQ(cache.get(NodeId{10}), fd);
  EXPECT_EQ(cache.get(NodeId{11}), nullptr);
}

TEST(DirectoryCacheTest, TheFirstDescriptorOfADirectoryStays) {
  DirectoryCache cache;
  const auto first = directory();
  cache.put(NodeId{10}, first);
  cache.put(NodeId{10}, directory());
  EXPECT_EQ(cache.get(NodeId{10}), first);
}

TEST(DirectoryCacheTest, TheLeastRecentlyUsedGoesFirst) {
  DirectoryCache cache;
  for (uint64_t id = 0; id < limits::kCachedDirectoriesMax; ++id) {
    cache.put(NodeId{10 + id}, directory());
  }
  EXPECT_NE(cache.get(NodeId{10}), nullptr);
  cache.put(NodeId{1000}, directory());
  EXPECT_NE(cache.get(NodeId{10}), nullptr);
  EXPECT_EQ(cache.get(NodeId{11}), nullptr);
  EXPECT_NE(cache.get(NodeId{12}), nullptr);
  EXPECT_NE(cache.get(NodeId{1000}), nullptr);
}

TEST(DirectoryCacheTest, DroppedDescriptorsCloseWhenTheLastUserLetsGo) {
  DirectoryCache cache;
  auto used = directory();
  const int number = used->get();
  cache.put(NodeId{10}, used);
  cache.drop(NodeId{10});
  cache.drop(NodeId{10});
  EXPECT_EQ(cache.get(NodeId{10}), nullptr);
  EXPECT_TRUE(is_open(number));
  used.reset();
  EXPECT_FALSE(is_open(number));
}

TEST(DirectoryCacheTest, ClearingClosesEverything) {
  DirectoryCache cache;
  auto fd = directory();
  const int number = fd->get();
  cache.put(NodeId{10}, std::move(fd));
  cache.put(NodeId{11}, directory());
  cache.clear();
  EXPECT_EQ(cache.get(NodeId{10}), nullptr);
  EXPECT_EQ(cache.get(NodeId{11}), nullptr);
  EXPECT_FALSE(is_open(number));
}

TEST(DirectoryCacheTest, ADroppedSlotIsUsedBeforeOneIsEvicted) {
  DirectoryCache cache;
  for (uint64_t id = 10; id < 10 + limits::kCachedDirectoriesMax; ++id)
    cache.put(NodeId{id}, directory());
  cache.drop(NodeId{20});
  cache.drop(NodeId{999});  // Unknown.
  EXPECT_EQ(cache.get(NodeId{20}), nullptr);
  cache.put(NodeId{1000}, directory());
  for (uint64_t id = 10; id < 10 + limits::kCachedDirectoriesMax; ++id)
    EXPECT_EQ(cache.get(NodeId{id}) == nullptr, id == 20);
}

// Gives ThreadSanitizer something to watch; every descriptor that comes back must be open.
TEST(DirectoryCacheTest, ThreadsShareIt) {
  DirectoryCache cache;
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (uint64_t i = 0; i < 2000; ++i) {
        const NodeId id = NodeId(10 + (i * (t + 1)) % (2 * limits::kCachedDirectoriesMax));
        if (const auto fd = cache.get(id)) {
          EXPECT_TRUE(is_open(fd->get()));
        } else {
          cache.put(id, directory());
        }
        if (i % 7 == 0) cache.drop(id);
        if (i % 500 == 0) cache.clear();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace vexfs::fs
