// What changes while a space is filled is right in it.
#include <gtest/gtest.h>

#include "engine/indexing/testing/text_service_fixture.h"

namespace vexfs::engine {
namespace {

using TextFillTest = TextServiceFixture;
using FoundNames = std::set<std::string>;

TEST_F(TextFillTest, WhatChangesMeanwhileIsRight) {
  for (int i = 0; i < 6; ++i) put("f" + std::to_string(i), "Apples number" + std::to_string(i));
  start();
  synced();
  hold_answers();
  choose(remote(), false);
  change("f0", "Plums are blue.");
  unlink("f1");
  rename("f2", "renamed");
  change("new", "Cherries are red.");
  link("f3", "linked");
  synced();
  EXPECT_EQ(with_word("plums"), FoundNames{"f0"}) << "the former index goes on";
  EXPECT_EQ(with_word("cherries"), FoundNames{"new"});
  EXPECT_EQ(with_word("renamed"), FoundNames{"renamed"});
  let_answers_go();
  switched();
  EXPECT_EQ(dim(), 3U);
  synced();
  EXPECT_EQ(with_word("plums"), FoundNames{"f0"});
  EXPECT_EQ(with_word("cherries"), FoundNames{"new"});
  EXPECT_EQ(with_word("renamed"), FoundNames{"renamed"});
  EXPECT_EQ(with_word("number1"), FoundNames{});
  EXPECT_EQ(with_word("number0"), FoundNames{});
  expect_sound(6);
}

TEST_F(TextFillTest, WordsAreFoundWithoutAnyEmbedder) {
  put("a.txt", "Apples are sweet.");
  start();
  choose(remote());
  switched();
  synced();
  fail_answers();
  EmbedderChoice other = remote();
  other->model = "another";
  choose(other, false);
  change("new", "Cherries are red.");
  wait_for([this] { return with_word("cherries") == FoundNames{"new"}; });
  EXPECT_EQ(state_of("new"), "pending");
  EXPECT_EQ(with_word("apples"), FoundNames{"a.txt"});
  let_answers_go();
  switched();
  synced();
  EXPECT_EQ(service_->embedder_name(), "another at " + server_.url());
  EXPECT_EQ(state_of("new"), "fresh");
  expect_sound(2);
}

}  // namespace
}  // namespace vexfs::engine
