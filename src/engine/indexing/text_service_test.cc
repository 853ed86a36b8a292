// A start opens the index with the embedder that filled it, and goes on with a change.
#include "engine/indexing/text_service.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/indexing/testing/text_service_fixture.h"

namespace vexfs::engine {
namespace {

class TextServiceTest : public TextServiceFixture {
 protected:
  // Leaves an index of one file, "a.txt", that the remote embedder has filled.
  void end_with_remote() {
    put("a.txt", "Apples are sweet.");
    start();
    choose(remote());
    switched();
    synced();
    stop();
  }
};
using FoundNames = std::set<std::string>;

TEST_F(TextServiceTest, GoesOnAfterAStart) {
  put("a.txt", "Apples are sweet.");
  start();
  synced();
  hold_answers();
  choose(remote());
  ASSERT_TRUE(progress().change.has_value());
  EXPECT_EQ(progress().change->to, "m at " + server_.url());
  EXPECT_EQ(dim(), 256U);
  EXPECT_EQ(with_word("apples"), FoundNames{"a.txt"});
  stop();
  let_answers_go();
  open();
  start();
  switched();
  EXPECT_EQ(dim(), 3U);
  synced();
  expect_sound(1);
  stop();
  open();
  start();
  EXPECT_FALSE(progress().change.has_value());
  EXPECT_EQ(dim(), 3U);
}

TEST_F(TextServiceTest, AnEmbedderThatNobodyKnowsIsReplaced) {
  end_with_remote();
  for (const char* file : {".vexfs/embedder.json", ".vexfs/embedder~.json"}) {
    ASSERT_EQ(::unlinkat(files_.fd(), file, 0), 0) << file;
  }
  open();
  start();
  switched();
  EXPECT_EQ(dim(), 256U);
  synced();
  EXPECT_EQ(with_word("apples"), FoundNames{"a.txt"});
  expect_sound(1);
}

TEST_F(TextServiceTest, AChoiceThatDoesNotCountChangesNothing) {
  end_with_remote();
  for (const char* file : {".vexfs/embedder.json", ".vexfs/embedder~.json"}) {
    ASSERT_EQ(::fchmodat(files_.fd(), file, 0666, 0), 0) << file;
  }
  const int asked = server_.requests();
  open();
  start();
  EXPECT_FALSE(progress().change.has_value());
  EXPECT_NE(progress().warning.find("others may write to it"), std::string::npos);
  EXPECT_EQ(dim(), 3U);
  change("b.txt", "Pears are sweet too.");
  synced();
  EXPECT_EQ(with_word("sweet"), (FoundNames{"a.txt", "b.txt"}));
  EXPECT_EQ(server_.requests(), asked);
  choose(std::nullopt);
  switched();
  EXPECT_EQ(progress().warning, "");
  EXPECT_EQ(dim(), 256U);
  synced();
  expect_sound(2);
}

TEST_F(TextServiceTest, ANewIndexIsNotByAChoiceThatDoesNotCount) {
  ASSERT_TRUE(write_embedder(system_io(), tree_->root(), kWantedEmbedder, remote()).ok());
  ASSERT_EQ(::fchmodat(files_.fd(), ".vexfs/embedder.json", 0666, 0), 0);
  put("a.txt", "Apples are sweet.");
  start();
  synced();
  EXPECT_EQ(dim(), 256U);
  EXPECT_NE(progress().warning, "");
  EXPECT_EQ(server_.requests(), 0);
  expect_sound(1);
}

TEST_F(TextServiceTest, TheSameByAnotherWayIsNoChange) {
  put("a.txt", "Apples are sweet.");
  start();
  choose(remote());
  switched();
  text::EmbeddingServer other(text::vectors_for);
  EmbedderChoice moved = remote();
  moved->url = other.url();
  choose(moved);
  EXPECT_FALSE(progress().change.has_value());
  EXPECT_EQ(service_->embedder_name(), "m at " + other.url());
  change("b.txt", "Pears are sweet too.");
  synced();
  EXPECT_EQ(with_word("sweet"), (FoundNames{"a.txt", "b.txt"}));
  expect_sound(2);
}

}  // namespace
}  // namespace vexfs::engine
