// What a new process reads at NameTable::start() is what the last one knew.
#include "engine/names/name_rekey.h"
#include "engine/names/testing/name_table_fixture.h"

namespace vexfs::engine {
namespace {

class NameStartTest : public NamesTest {};

TEST_P(NameStartTest, ANewCatalogKnowsTheSource) {
  ASSERT_EQ(table_->directories().size(), 1U);
  EXPECT_EQ(table_->directories()[0].object, kRootObject);
  EXPECT_EQ(table_->find_directory(key_of(".")), kRootDirectory);
}

TEST_P(NameStartTest, NamesOutliveTheProcess) {
  files_.make_directory("a");
  files_.make_directory("a/b");
  files_.make_directory("c");
  const ObjectId f = make_known("a/b/f");
  const ObjectId g = make_known("g");
  rename("a", "c/a");  // Now the parent has a higher number than its child.
  start(GetParam());
  EXPECT_EQ(path_of(f), "c/a/b/f");
  EXPECT_EQ(path_of(g), "g");
  rename("c/a/b", "b");
  start(GetParam());
  EXPECT_EQ(path_of(f), "b/f");
  EXPECT_EQ(table_->nameless_objects(), 0U);
}

TEST_P(NameStartTest, WhatWasUnlinkedIsStillNameless) {
  const ObjectId f = make_known("f");
  remove("f");
  start(GetParam());
  events_.hidden.clear();
  EXPECT_EQ(path_of(f), kNowhere);
  (void)reconcile();
  EXPECT_EQ(events_.hidden, std::set<ObjectId>{f});
}

INSTANTIATE_TEST_SUITE_P(Openings, NameStartTest,
                         testing::Values(tree::SourceTree::Opening::kBest,
                                         tree::SourceTree::Opening::kByPath),
                         opening_name);

}  // namespace
}  // namespace vexfs::engine
