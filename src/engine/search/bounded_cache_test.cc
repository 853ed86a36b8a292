// Tests of BoundedCache: bounds, stamps, and which value goes first.
#include "engine/search/bounded_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace vexfs::engine {
namespace {

using Cache = BoundedCache<int, int>;

void put(Cache& cache, const std::string& key, int stamp, int value, size_t bytes = 1) {
  cache.put(key, stamp, std::make_shared<const int>(value), bytes);
}

TEST(BoundedCacheTest, FindsUnderTheSameStampOnly) {
  Cache cache(4, 1000);
  put(cache, "a", 1, 10);
  ASSERT_NE(cache.find("a", 1), nullptr);
  EXPECT_EQ(*cache.find("a", 1), 10);
  EXPECT_EQ(cache.find("a", 2), nullptr);
  EXPECT_EQ(cache.find("b", 1), nullptr);
  put(cache, "a", 2, 20);
  EXPECT_EQ(*cache.find("a", 2), 20);
  EXPECT_EQ(cache.size(), 1u);
}

TEST(BoundedCacheTest, TheLeastRecentlyUsedGoesFirst) {
  Cache cache(2, 1000);
  put(cache, "a", 0, 1);
  put(cache, "b", 0, 2);
  EXPECT_NE(cache.find("a", 0), nullptr);
  put(cache, "c", 0, 3);
  EXPECT_EQ(cache.find("b", 0), nullptr);
  EXPECT_NE(cache.find("a", 0), nullptr);
  EXPECT_NE(cache.find("c", 0), nullptr);
}

TEST(BoundedCacheTest, BytesAreBounded) {
  Cache cache(100, 50);
  put(cache, "a", 0, 1, 20);
  put(cache, "b", 0, 2, 20);
  EXPECT_EQ(cache.bytes(), 44u);  // Keys count twice.
  const auto held = cache.find("a", 0);
  put(cache, "c", 0, 3, 20);
  EXPECT_LE(cache.bytes(), 50u);
  EXPECT_EQ(cache.find("b", 0), nullptr);
  put(cache, "d", 0, 4, 49);  // It is larger than the cache.
  EXPECT_EQ(cache.find("d", 0), nullptr);
  EXPECT_EQ(cache.size(), 2u);
  put(cache, "a", 0, 5, 100);  // The value before it is dropped as well.
  EXPECT_EQ(cache.find("a", 0), nullptr);
  EXPECT_EQ(*held, 1);
}

TEST(BoundedCacheTest, ManyThreads) {
  Cache cache(8, 1000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 2000; ++i) {
        const std::string key = std::to_string((i * 7 + t) % 16);
        if (const auto found = cache.find(key, 0)) {
          EXPECT_EQ(std::to_string(*found), key);
        }
        put(cache, key, 0, std::stoi(key), 30);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache.size(), 8u);
  EXPECT_LE(cache.bytes(), 1000u);
}

}  // namespace
}  // namespace vexfs::engine
