// A change to another embedder and back; a change that fails leaves the old index in use.
#include "engine/indexing/text_switch.h"

#include <gtest/gtest.h>

#include "engine/indexing/testing/text_service_fixture.h"

namespace vexfs::engine {
namespace {

using TextSwitchTest = TextServiceFixture;
using FoundNames = std::set<std::string>;

TEST_F(TextSwitchTest, AnotherEmbedderAndBack) {
  put("a.txt", "Apples are sweet.");
  put("b.txt", "Pears are sweet too.");
  put("long.txt", long_text());
  start();
  synced();
  EXPECT_EQ(dim(), 256U);
  EXPECT_FALSE(progress().change.has_value());
  for (int round = 0; round < 2; ++round) {
    choose(remote());
    switched();
    EXPECT_EQ(dim(), 3U);
    EXPECT_EQ(service_->embedder_name(), "m at " + server_.url());
    synced();
    EXPECT_EQ(with_word("sweet"), (FoundNames{"a.txt", "b.txt"}));
    EXPECT_EQ(with_word("needle"), FoundNames{"long.txt"});
    expect_sound(3);
    choose(std::nullopt);
    switched();
    EXPECT_EQ(dim(), 256U);
    synced();
    EXPECT_EQ(with_word("needle"), FoundNames{"long.txt"});
    expect_sound(3);
  }
}

TEST_F(TextSwitchTest, TheFormerOneAgainEndsIt) {
  put("a.txt", "Apples are sweet.");
  put("b.txt", "Pears are sweet too.");
  start();
  synced();
  const auto before = storage_->document_of(key_of("a.txt")).value();
  fail_answers();
  choose(remote(), false);
  wait_for([this] { return !progress().change->trouble.empty(); });
  choose(std::nullopt);
  EXPECT_FALSE(progress().change.has_value());
  EXPECT_EQ(spaces(), (std::vector<std::string>{"clip", "text"}));
  EXPECT_EQ(storage_->document_of(key_of("a.txt")).value()->space, before->space);
  synced();
  EXPECT_EQ(dim(), 256U);
  expect_sound(2);
}

TEST_F(TextSwitchTest, AFailedReplacementIsTriedAgain) {
  put("a.txt", "Apples are sweet.");
  storage_.reset();
  io_ = &failing_;
  open();
  start();
  synced();
  // Every system call fails for a while, as when the disk is full.
  hold_answers();
  choose(remote(), false);
  failing_.fail_at(0, true);
  let_answers_go();
  wait_for([this] { return !storage_->poisoned().ok() || !progress().change->trouble.empty(); });
  EXPECT_EQ(dim(), 256U) << "the old index answers";
  EXPECT_EQ(with_word("apples"), FoundNames{"a.txt"});
  stop();
  failing_.fail_at(-1, false);
  io_ = &system_io();
  open();
  start();
  switched();
  synced();
  EXPECT_EQ(dim(), 3U);
  expect_sound(1);
}

}  // namespace
}  // namespace vexfs::engine
