// Tests of DirectoryCache: what is kept, what goes first, and when descriptors close.
#include "fs/directory_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace vexfs::fs
