// Tests of lists of attribute names: which names are removed, and which stay in order.
#include "fs/requests/attribute_list.h"

#include <gtest/gtest.h>

#include <string>

namespace vexfs::fs {
namespace {

std::string without(std::string list, std::string_view prefix) {
  list.resize(without_prefix(list.data(), list.size(), prefix));
  return list;
}

const std::string kList("user.a\0trusted.b\0user.vexfs.c\0user.vexf\0", 40);

TEST(AttributeListTest, TakesOffWhatBeginsWithThePrefix) {
  EXPECT_EQ(without(kList, "trusted."), std::string("user.a\0user.vexfs.c\0user.vexf\0", 30));
  EXPECT_EQ(without(kList, "user.vexfs."), std::string("user.a\0trusted.b\0user.vexf\0", 27));
  EXPECT_EQ(without(kList, "user."), std::string("trusted.b\0", 10));
  EXPECT_EQ(without(kList, "security."), kList);
}

TEST(AttributeListTest, LeavesWhatIsExcepted) {
  std::string list("user.vexfs.a\0user.vexfs.saved.b\0user.c\0", 39);
  list.resize(without_prefix(list.data(), list.size(), "user.vexfs.", "user.vexfs.saved."));
  EXPECT_EQ(list, std::string("user.vexfs.saved.b\0user.c\0", 26));
}

TEST(AttributeListTest, EmptyAndBrokenListsStayInBounds) {
  EXPECT_EQ(without("", "user."), "");
  EXPECT_EQ(without("user.no-end", "user."), "");
  EXPECT_EQ(without("other", "user."), "other");
}

}  // namespace
}  // namespace vexfs::fs
