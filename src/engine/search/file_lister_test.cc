// Tests of FileLister: pages in the order of paths, whole and filtered, wherever they start.
#include "engine/search/file_lister.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

class FileListerTest : public testing::Test {
 protected:
  FileListerTest() { world_.space("s", 1); }

  void put(const std::string& path, mode_t mode = 0644) {
    world_.file(path, {1, 2}, mode);
    all_.insert(path);
  }
  FileList page(const tree::Credentials& caller, const std::string& scope, const std::string& after,
                uint32_t limit) {
    auto list = world_.engine().list(caller, world_.key(""), scope, "s", after, limit);
    EXPECT_TRUE(list.ok()) << list.failure().message;
    return std::move(list).value();
  }
  std::vector<std::string> pages(const tree::Credentials& caller, const std::string& scope,
                                 uint32_t limit) {
    std::vector<std::string> paths;
    for (bool more = true; more;) {
      const FileList list = page(caller, scope, paths.empty() ? "" : paths.back(), limit);
      for (const ListedFile& file : list.files) paths.push_back(file.path);
      more = list.more;
      EXPECT_TRUE(!more || list.files.size() == limit);
    }
    return paths;
  }

  SearchWorld world_;
  std::set<std::string> all_;  // They are in the order of their bytes.
};

TEST_F(FileListerTest, ListsInTheOrderOfPaths) {
  for (const char* name : {"a", "a!", "a!b", "a0", "b", "b/c", "b/c!", "b/c/d"}) {
    world_.directory(name);
  }
  for (const char* path : {"a/1", "a/2", "a!/1", "a!b/1", "a!.txt", "a.txt", "a0/1", "a00", "A",
                           "b/1", "b/c/1", "b/c/d/1", "b/c!/1", "b/c.x", "b/c0", "z"}) {
    put(path);
  }
  world_.file("b/plain", {});
  const std::vector<std::string> wanted(all_.begin(), all_.end());
  for (const uint32_t limit : {1u, 2u, 3u, 5u, 16u, 100u}) {
    EXPECT_EQ(pages(SearchWorld::root(), "", limit), wanted) << limit;
  }
  const FileList list = page(SearchWorld::root(), "", "", 1);
  EXPECT_EQ(list.files[0].vectors, 2u);
  // A page may begin after a path that does not exist.
  for (const std::string after : {"a", "a!", "a/", "a/1/x", "a/3", "b/c", "b/c/", "b/c/d/", "~"}) {
    std::vector<std::string> rest;
    for (const std::string& path : all_) {
      if (path > after) rest.push_back(path);
    }
    std::vector<std::string> listed;
    for (const ListedFile& file : page(SearchWorld::root(), "", after, 100).files) {
      listed.push_back(file.path);
    }
    EXPECT_EQ(listed, rest) << after;
  }
}

TEST_F(FileListerTest, ListsAScopeUnderPathsOfTheAskedDirectory) {
  world_.directory("a");
  world_.directory("a/b");
  put("a/b/1");
  put("a/b/2");
  put("a/1");
  put("0");
  EXPECT_EQ(pages(SearchWorld::root(), "a/b", 1), (std::vector<std::string>{"a/b/1", "a/b/2"}));
  EXPECT_TRUE(page(SearchWorld::root(), "a/b", "b", 10).files.empty());
  EXPECT_EQ(page(SearchWorld::root(), "a/b", "a", 10).files.size(), 2u);
}

TEST_F(FileListerTest, ListsWhatTheCallerMayRead) {
  world_.directory("private", 0700);
  world_.directory("public");
  put("private/1");
  put("public/1");
  put("public/2", 0600);
  put("public/3");
  EXPECT_EQ(pages(SearchWorld::bob(), "", 1), (std::vector<std::string>{"public/1", "public/3"}));
  EXPECT_EQ(pages(SearchWorld::root(), "", 1).size(), 4u);
}

TEST_F(FileListerTest, ALargeDirectoryComesInSteps) {
  for (int i = 0; i < 700; ++i) put(std::to_string(i));
  const std::vector<std::string> wanted(all_.begin(), all_.end());
  EXPECT_EQ(pages(SearchWorld::root(), "", 300), wanted);
  EXPECT_EQ(pages(SearchWorld::root(), "", 1000), wanted);
}

}  // namespace
}  // namespace vexfs::engine
