// What the threads of an indexer tell each other, without the threads.
#include "engine/indexing/text_work.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "engine/indexing/testing/text_work_fixture.h"

namespace vexfs::engine {
namespace {

using TextWorkTest = TextWorkFixture;

TEST_F(TextWorkTest, IsIdleOnceEachPartSaysSo) {
  make_work();
  EXPECT_TRUE(work_->progress().scanning);
  ASSERT_TRUE(work_->begin_scan());
  work_->set_files_left(3);
  work_->subtract_files_left(1);
  EXPECT_EQ(work_->progress().waiting, 2U);
  work_->subtract_files_left(5);
  EXPECT_EQ(work_->progress().waiting, 0U);
  work_->end_scan();
  EXPECT_FALSE(work_->progress().scanning);
  work_->begin_round();
  work_->end_round(false);
  EXPECT_FALSE(index_->complete()) << "the lacking words have not been requested";
  work_->set_words_requested();
  work_->begin_round();
  work_->end_round(true);
  EXPECT_FALSE(index_->complete()) << "the keeper keeps delayed files";
  work_->begin_round();
  work_->end_round(false);
  EXPECT_TRUE(index_->complete());
}

TEST_F(TextWorkTest, NotesRenamedObjectsOrRequestsAScan) {
  make_work();
  ASSERT_TRUE(work_->begin_scan());
  work_->end_scan();
  work_->renamed(store::ObjectId{7});
  work_->renamed(store::ObjectId{8});
  EXPECT_EQ(work_->take_renamed(), (std::vector{store::ObjectId{7}, store::ObjectId{8}}));
  EXPECT_EQ(work_->take_renamed(), std::vector<store::ObjectId>());
  EXPECT_FALSE(work_->progress().scanning);
  for (size_t i = 0; i <= limits::kChangedKeysMax; ++i) work_->renamed(store::ObjectId{1});
  EXPECT_EQ(work_->take_renamed().size(), limits::kChangedKeysMax);
  EXPECT_TRUE(work_->progress().scanning) << "too many to note";
  EXPECT_TRUE(work_->begin_scan());
}

TEST_F(TextWorkTest, AFillerLeavesRenamesAndScansToTheOtherIndex) {
  make_work(kNextTextSpace, text::make_builtin_embedder());
  work_->renamed(store::ObjectId{7});
  EXPECT_EQ(work_->take_renamed(), std::vector<store::ObjectId>());
  work_->end_scan();
  work_->request_scan();
  EXPECT_FALSE(work_->progress().scanning);
}

TEST_F(TextWorkTest, WordsAreCompleteOnceAllAreAskedForAndPut) {
  make_work();
  EXPECT_FALSE(work_->words_are_complete());
  work_->set_words_requested();
  EXPECT_TRUE(work_->words_are_complete());
  put("a", "apples");
  EXPECT_EQ(work_->push_words(job_of("a"), false), TextQueue::Pushed::kYes);
  EXPECT_EQ(work_->push_words(job_of("a"), false), TextQueue::Pushed::kInHand);
  EXPECT_FALSE(work_->words_are_complete());
  work_->finish_words();
  EXPECT_TRUE(work_->words_are_complete());
}

TEST_F(TextWorkTest, TroubleEndsWaitsAndSomeOfItIsFinal) {
  make_work();
  work_->set_trouble(Status(EAGAIN, "the embedder"));
  EXPECT_EQ(work_->wait_until_idle().error(), EAGAIN);
  EXPECT_TRUE(work_->final_trouble().ok());
  work_->stop_for(Status(EIO, "the disk"));
  EXPECT_EQ(work_->wait_until_idle().error(), EIO);
  EXPECT_EQ(work_->final_trouble().error(), EIO);
  EXPECT_EQ(work_->progress().trouble.error(), EIO);
  work_->set_trouble(Status());
  work_->stop();
  EXPECT_EQ(work_->wait_until_idle().error(), EAGAIN);
  EXPECT_FALSE(work_->begin_scan());
  work_->rest(std::chrono::hours(1));
}

}  // namespace
}  // namespace vexfs::engine
