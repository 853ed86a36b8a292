// A filler alone, and files that change while a space is filled.
#include "engine/indexing/text_filler.h"

#include <gtest/gtest.h>

#include "engine/indexing/testing/text_service_fixture.h"
#include "engine/indexing/testing/text_work_fixture.h"

namespace vexfs::engine {
namespace {

using TextFillTest = TextServiceFixture;
using TextFillerTest = TextWorkFixture;
using FoundNames = std::set<std::string>;

// The test takes the documents from the queue and reports the results.
TEST_F(TextFillerTest, QueuesFreshDocumentsOfTheOtherSpaceUntilTheyAreMoved) {
  make_work();
  put("a", "apples");
  put("b", "pears");
  VectorStorageManager::DocumentPart row;
  row.key = key_of("a");
  row.row.state = store::DocumentState::kFresh;
  row.row.space = index_->space().id;
  ASSERT_TRUE(storage_->put_documents(index_->space(), {&row, 1}).ok());
  make_work(kNextTextSpace, text::make_builtin_embedder());
  TextFiller filler(*work_);
  run(filler);
  const std::optional<TextJob> job = work_->queue.take(true);
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->key, key_of("a"));
  EXPECT_TRUE(job->as_indexed);
  EXPECT_EQ(filler.moved(), 0U);
  filler.finish(part_of("a", "apples"), Status());
  EXPECT_EQ(filler.moved(), 1U);
  work_->queue.finish(job->key);
  work_->begin_round();
  work_->end_round(false);
  const std::atomic<bool> until{false};
  EXPECT_TRUE(filler.wait_until_filled(until));
  stop();
  EXPECT_FALSE(work_->progress().scanning);
}

TEST_F(TextFillerTest, AFailureIsTroubleAndStopEndsTheWait) {
  make_work(kNextTextSpace, text::make_builtin_embedder());
  TextFiller filler(*work_);
  std::atomic<bool> until{true};
  EXPECT_FALSE(filler.wait_until_filled(until));
  until = false;
  work_->stop();
  EXPECT_FALSE(filler.wait_until_filled(until));
  filler.run();
}

TEST_F(TextFillTest, FilesThatChangeMeanwhileAreRight) {
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
  EXPECT_EQ(with_word("plums"), FoundNames{"f0"}) << "the old index goes on";
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
