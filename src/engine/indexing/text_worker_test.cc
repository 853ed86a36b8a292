// One worker between the queue and the parts that are ready.
#include "engine/indexing/text_worker.h"

#include <gtest/gtest.h>

#include <atomic>

#include "engine/indexing/testing/text_work_fixture.h"

namespace vexfs::engine {
namespace {

// Answers only when the test lets it.
class BusyEmbedder final : public text::Embedder {
 public:
  std::string name() const override { return "busy"; }
  uint32_t dim() const override { return 3; }
  uint64_t fingerprint() const override { return 7; }
  text::PassageOptions passage_options() const override { return inner_->passage_options(); }
  size_t batch_max() const override { return 8; }
  Status embed(std::span<const std::string_view>, std::span<float> out) const override {
    if (busy) return Status(EAGAIN, "the embedder is busy");
    for (size_t i = 0; i < out.size(); ++i) out[i] = i % 3 == 0 ? 1.0F : 0.0F;
    return {};
  }

  std::atomic<bool> busy{true};

 private:
  std::unique_ptr<text::Embedder> inner_ = text::make_builtin_embedder();
};

class TextWorkerTest : public TextWorkFixture {
 protected:
  void start() {
    worker_.emplace(*work_, extractor_);
    run(*worker_);
  }
  void queue(const std::string& path, const std::string& text) {
    put(path, text);
    ASSERT_EQ(work_->queue.push(job_of(path), TextQueue::Lane::kScanned, true),
              TextQueue::Pushed::kYes);
  }
  std::vector<TextPart> take_ready() {
    wait_for([&] { return !work_->ready.empty(); });
    return work_->ready.take(1000);
  }

  text::Extractor extractor_{text::Extractor::find_program()};
  std::optional<TextWorker> worker_;
};

TEST_F(TextWorkerTest, ReadsCutsAndEmbeds) {
  make_work();
  start();
  queue("a", "Apples are sweet.");
  const std::vector<TextPart> parts = take_ready();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].outcome, TextOutcome::kText);
  EXPECT_EQ(parts[0].name, "a");
  EXPECT_EQ(parts[0].passages.size(), 1U);
  EXPECT_EQ(parts[0].terms.size(), 1U);
  EXPECT_EQ(parts[0].vectors.size(), index_->embedder()->dim());
  EXPECT_EQ(parts[0].source, nullptr) << "plain text is not kept";
}

TEST_F(TextWorkerTest, WaitsForItsEmbedder) {
  const auto embedder = std::make_shared<BusyEmbedder>();
  make_work(kTextSpace, embedder);
  start();
  queue("a", "Apples are sweet.");
  wait_for([&] { return work_->progress().trouble.error() == EAGAIN; });
  EXPECT_TRUE(work_->ready.empty());
  embedder->busy = false;
  const std::vector<TextPart> parts = take_ready();
  EXPECT_EQ(parts[0].vectors, (std::vector<float>{1, 0, 0}));
  EXPECT_TRUE(work_->progress().trouble.ok());
}

TEST_F(TextWorkerTest, GoesOnWithoutAnEmbedderThatIsBeingReplaced) {
  make_work(kTextSpace, std::make_shared<BusyEmbedder>());
  work_->leaving = true;
  start();
  queue("a", "Apples are sweet.");
  const std::vector<TextPart> parts = take_ready();
  EXPECT_TRUE(parts[0].unembedded);
  EXPECT_EQ(parts[0].vectors.size(), 3U);
}

TEST_F(TextWorkerTest, WhatItTriedBeforeItWasToGoOnWithoutIsForgotten) {
  make_work(kTextSpace, std::make_shared<BusyEmbedder>());
  start();
  queue("a", "Apples are sweet.");
  wait_for([&] { return work_->progress().trouble.error() == EAGAIN; });
  work_->leaving = true;
  EXPECT_TRUE(take_ready()[0].unembedded);
  EXPECT_TRUE(work_->progress().trouble.ok());
}

TEST_F(TextWorkerTest, AStopEndsTheWaitForTheEmbedder) {
  make_work(kTextSpace, std::make_shared<BusyEmbedder>());
  start();
  queue("a", "Apples are sweet.");
  wait_for([&] { return !work_->progress().trouble.ok(); });
  stop();
  EXPECT_TRUE(work_->ready.empty());
}

}  // namespace
}  // namespace vexfs::engine
