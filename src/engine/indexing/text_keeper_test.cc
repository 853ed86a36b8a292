// What the keeper queues and what it puts, with the test in the place of scanner and workers.
#include "engine/indexing/text_keeper.h"

#include <gtest/gtest.h>

#include "engine/indexing/testing/text_work_fixture.h"
#include "engine/indexing/text_scan.h"

namespace vexfs::engine {
namespace {

using store::DocumentState;
using KeptPaths = std::set<std::string>;

class TextKeeperTest : public TextWorkFixture {
 protected:
  void start() {
    make_work();
    listen();
    keeper_.emplace(*work_, nullptr);
    run(*keeper_);
  }
  // A document of one passage, as if it had been found and read.
  void put_document(const std::string& path, const std::string& text) {
    put(path, text);
    ASSERT_EQ(work_->queue.push(job_of(path), TextQueue::Lane::kScanned, true),
              TextQueue::Pushed::kYes);
    ASSERT_TRUE(work_->queue.take(true).has_value());
    make_ready(part_of(path, text));
    wait_for([&] { return work_->queue.size() == 0; });
  }

  std::optional<TextKeeper> keeper_;
};

TEST_F(TextKeeperTest, PutsWhatWasRead) {
  start();
  put_document("a", "apples");
  EXPECT_TRUE(is("a", DocumentState::kFresh));
  EXPECT_EQ(with_word("apples"), KeptPaths{"a"});
  EXPECT_GT(index_->generation(), 0U);
}

TEST_F(TextKeeperTest, AFailureIsARowThatSaysWhy) {
  start();
  put("a", "apples");
  TextPart part = part_of("a", "apples");
  part.outcome = TextOutcome::kFailed;
  part.why = "it broke";
  make_ready(std::move(part));
  wait_for([&] { return is("a", DocumentState::kFailed); });
  EXPECT_EQ(document("a")->why, "it broke");
  TextPart none = part_of("a", "");
  none.outcome = TextOutcome::kNoFile;
  make_ready(std::move(none));
  wait_for([&] { return !document("a").has_value(); });
}

TEST_F(TextKeeperTest, AChangedFileIsPendingAndThenQueued) {
  start();
  put_document("a", "apples");
  work_->changed.push(key_of("a"));
  work_->wake_keeper();
  const std::optional<TextJob> job = work_->queue.take(true);
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->key, key_of("a"));
  EXPECT_TRUE(is("a", DocumentState::kPending));
}

TEST_F(TextKeeperTest, AFileThatChangedWhileItWasReadIsQueuedAgain) {
  start();
  put("a", "apples");
  TextPart part = part_of("a", "apples");
  part.outcome = TextOutcome::kChanging;
  make_ready(std::move(part));
  const std::optional<TextJob> job = work_->queue.take(true);
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(job->key, key_of("a"));
  EXPECT_FALSE(job->words_only);
}

TEST_F(TextKeeperTest, ARenameAsksForWordsOnlyAndIsNamedWithTheImage) {
  start();
  put_document("a", "apples");
  rename("a", "pears");
  const std::optional<TextJob> job = work_->queue.take(true);
  ASSERT_TRUE(job.has_value());
  EXPECT_TRUE(job->words_only);
  TextPart part = part_of("pears", "apples");
  part.words_only = true;
  part.object = job->object;
  make_ready(std::move(part));
  wait_for([&] { return work_->queue.size() == 0; });
  EXPECT_EQ(with_word("pears"), KeptPaths{"pears"});
  EXPECT_EQ(document("pears")->name_hash, hash_of_name("a")) << "no image has the new name";
  work_->set_words_requested();
  stop();
  EXPECT_EQ(document("pears")->name_hash, hash_of_name("pears"));
}

TEST_F(TextKeeperTest, WritesNoImageThatLacksWordsOrThatNobodyReads) {
  start();
  put_document("a", "apples");
  stop();
  EXPECT_EQ(storage_->map_lexical(index_->space()).error(), ENOENT) << "words may be lacking";
  TextWorkFixture::TearDown();
  open();
  start();
  put_document("b", "pears");
  work_->set_words_requested();
  keeper_->leave_words();
  stop();
  EXPECT_EQ(storage_->map_lexical(index_->space()).error(), ENOENT);
}

}  // namespace
}  // namespace vexfs::engine
