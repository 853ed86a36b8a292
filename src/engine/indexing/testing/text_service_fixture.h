// TextServiceFixture: for tests, a TextService with an embedding server that the test controls.
#ifndef VEXFS_ENGINE_INDEXING_TESTING_TEXT_SERVICE_FIXTURE_H_
#define VEXFS_ENGINE_INDEXING_TESTING_TEXT_SERVICE_FIXTURE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/testing/failing_io.h"
#include "engine/indexing/testing/text_fixture.h"
#include "engine/indexing/text_service.h"
#include "text/testing/embedding_server.h"

namespace vexfs::engine {

class TextServiceFixture : public TextFixture {
 protected:
  void TearDown() override {
    let_answers_go();
    stop();
  }
  void start() {
    service_ = std::make_unique<TextService>(*tree_, *storage_, EngineOptions());
    const Status started = service_->start(true);
    ASSERT_TRUE(started.ok()) << started.what();
  }
  void stop() {
    service_.reset();
    storage_.reset();
  }
  void synced() {
    const Status status = service_->sync();
    ASSERT_TRUE(status.ok()) << status.what();
  }

  // --- The server
  EmbedderChoice remote() const {
    EmbedderChoice choice = remote_embedder();
    choice->url = server_.url();
    choice->model = "m";
    choice->dim = 3;
    choice->timeout_ms = 1000;  // The end of the service waits for it.
    return choice;
  }
  void hold_answers() { answers_ = Answers::kHeld; }
  void fail_answers() { answers_ = Answers::kFailed; }
  void let_answers_go() { answers_ = Answers::kGiven; }

  // --- The embedder. With `tries` it is tried first, as the engine does, if the server answers.
  void choose(EmbedderChoice choice, bool tries = true) {
    std::shared_ptr<const text::Embedder> answered;
    if (answers_ == Answers::kGiven && tries) answered = try_embedder(choice).value();
    const Status status = service_->choose(choice, std::move(answered));
    ASSERT_TRUE(status.ok()) << status.what();
  }
  TextProgress progress() const {
    TextProgress progress;
    service_->report(progress);
    return progress;
  }
  template <typename Condition>
  void wait_for(Condition holds) {
    while (!holds()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  void switched() {
    wait_for([this] { return !progress().change.has_value(); });
  }
  uint32_t dim() { return service_->searchable().space.parameters.dim; }
  std::vector<std::string> spaces() {
    std::vector<std::string> names;
    for (const store::Space& space : storage_->spaces()) names.push_back(space.name);
    return names;
  }

  // --- Files
  void change(const std::string& path, const std::string& text) {
    put(path, text);
    service_->content_changed(key_of(path));
  }
  // A text of more passages than one part holds.
  static std::string long_text() {
    std::string text;
    for (int i = 0; i < 4000; ++i) {
      text += "Paragraph " + std::to_string(i) +
              " tells of the weather on the coast and of ships in the harbour in winter.\n\n";
    }
    return text + "And here is a needle.\n";
  }

  // --- Results
  std::set<std::string> with_word(const std::string& word) {
    const SearchableText text = service_->searchable();
    std::set<std::string> paths = paths_with(text.space, *text.lexical, word);
    paths.erase("-");
    return paths;
  }
  std::string state_of(const std::string& path) {
    const auto row = storage_->document_of(key_of(path));
    if (!row.ok() || !row.value().has_value()) return "none";
    return row.value()->state == store::DocumentState::kFresh     ? "fresh"
           : row.value()->state == store::DocumentState::kPending ? "pending"
                                                                  : row.value()->why;
  }
  // The index has that many documents, all fresh, whose passages have no gaps and have words; no
  // other space of text exists.
  void expect_sound(uint64_t documents) {
    ASSERT_TRUE(storage_->reconcile().ok());  // Removes the documents of unlinked files.
    const SearchableText text = service_->searchable();
    ASSERT_TRUE(text.space.knn->settle(60'000));
    const store::DocumentCounts counts = storage_->count_documents().value();
    EXPECT_EQ(counts.fresh, documents);
    EXPECT_EQ(counts.pending, 0U);
    std::map<store::ObjectId, std::vector<uint32_t>> all;
    storage_->read([&](const Snapshot& now) {
      EXPECT_EQ(now.check().value(), std::vector<std::string>());
      EXPECT_TRUE(now.all_passages(text.space.id,
                                   [&](const store::Passage& passage) {
                                     all[passage.object].push_back(passage.ordinal);
                                     return true;
                                   })
                      .ok());
      for (const auto& [object, ordinals] : all) {
        EXPECT_EQ(now.document(object).value()->space, text.space.id);
      }
    });
    size_t with_words = 0;
    for (auto& [object, ordinals] : all) {
      std::sort(ordinals.begin(), ordinals.end());
      for (size_t i = 0; i < ordinals.size(); ++i) EXPECT_EQ(ordinals[i], i);
      with_words += ordinals.size() - (ordinals.size() > 1 ? 1 : 0);
    }
    EXPECT_EQ(all.size(), documents);
    EXPECT_EQ(text.lexical->size(), with_words);
    EXPECT_EQ(spaces(), (std::vector<std::string>{"clip", "text"}));
  }

  enum class Answers { kGiven, kHeld, kFailed };
  std::atomic<Answers> answers_{Answers::kGiven};
  text::EmbeddingServer server_{[this](const std::string& request) {
    while (answers_ == Answers::kHeld) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return answers_ == Answers::kFailed ? text::http(503, "busy") : text::vectors_for(request);
  }};
  FailingIo failing_;
  std::unique_ptr<TextService> service_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TESTING_TEXT_SERVICE_FIXTURE_H_
