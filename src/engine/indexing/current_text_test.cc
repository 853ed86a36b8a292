// What callers see before, during and after an exchange.
#include "engine/indexing/current_text.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "engine/indexing/testing/text_fixture.h"

namespace vexfs::engine {
namespace {

class CurrentTextTest : public TextFixture {
 protected:
  void TearDown() override {
    if (const auto last = current_.clear(); last.indexer != nullptr) last.indexer->stop();
    storage_.reset();
  }
  CurrentText::Running run() {
    auto made = CurrentText::run(*tree_, *storage_, options_, text::make_builtin_embedder(), true);
    EXPECT_TRUE(made.ok()) << made.status().what();
    return std::move(made).value();
  }

  EngineOptions options_;
  CurrentText current_;
};

TEST_F(CurrentTextTest, IsEmptyBeforeItIsSet) {
  put("a", "apples");
  EXPECT_EQ(current_.generation(), 0U);
  EXPECT_EQ(current_.sync().error(), EAGAIN);
  EXPECT_EQ(current_.running().index, nullptr);
  current_.content_changed(key_of("a"));
  EXPECT_TRUE(current_.waits(key_of("a")));
}

TEST_F(CurrentTextTest, AnExchangeMissesNoChangeAndGrowsTheGeneration) {
  put("a", "apples");
  current_.set(run());
  ASSERT_TRUE(current_.sync().ok());
  const uint64_t before = current_.searchable().generation;
  const CurrentText::Running old = current_.begin_exchange();
  old.indexer->stop();
  EXPECT_EQ(current_.running().indexer, nullptr);
  EXPECT_NE(current_.searchable().lexical, nullptr) << "searches go on";
  put("a", "pears");
  current_.content_changed(key_of("a"));
  EXPECT_TRUE(current_.waits(key_of("a")));
  current_.begin_replacing();
  std::atomic<bool> found{false};
  std::thread search([&] {
    (void)current_.searchable();
    found = true;
  });
  std::thread sync([&] { EXPECT_TRUE(current_.sync().ok()); });
  current_.end_exchange(run());
  search.join();
  sync.join();
  EXPECT_TRUE(found);
  EXPECT_GT(current_.generation(), before);
  const SearchableText text = current_.searchable();
  EXPECT_EQ(paths_with(text.space, *text.lexical, "pears"), std::set<std::string>{"a"});
}

}  // namespace
}  // namespace vexfs::engine
