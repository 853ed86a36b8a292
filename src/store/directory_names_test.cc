// The names in a directory, read through a descriptor whose own offset does not move.
#include "store/directory_names.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/testing/temporary_directory.h"

namespace vexfs::store {
namespace {

TEST(DirectoryNamesTest, ListsAllEachTime) {
  const TemporaryDirectory dir;
  EXPECT_TRUE(directory_names(dir.fd()).value().empty());
  (void)dir.create("one", "");
  (void)dir.create("two", "");
  for (int i = 0; i < 2; ++i) {
    std::vector<std::string> names = directory_names(dir.fd()).value();
    std::sort(names.begin(), names.end());
    EXPECT_EQ(names, (std::vector<std::string>{"one", "two"}));
  }
}

TEST(DirectoryNamesTest, AFileIsNoDirectory) {
  const TemporaryDirectory dir;
  EXPECT_EQ(directory_names(dir.create("file", "")).error(), ENOTDIR);
}

}  // namespace
}  // namespace vexfs::store
