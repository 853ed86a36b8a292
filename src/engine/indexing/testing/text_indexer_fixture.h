// TextIndexerFixture: for tests, a store with a running TextIndexer.
#ifndef VEXFS_ENGINE_INDEXING_TESTING_TEXT_INDEXER_FIXTURE_H_
#define VEXFS_ENGINE_INDEXING_TESTING_TEXT_INDEXER_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/indexing/testing/text_fixture.h"
#include "engine/indexing/text_indexer.h"

namespace vexfs::engine {

class TextIndexerFixture : public TextFixture {
 protected:
  void TearDown() override {
    stop();
    storage_.reset();
  }
  void start() {
    auto index = TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), true);
    ASSERT_TRUE(index.ok()) << index.status().what();
    index_ = std::move(index.value());
    auto indexer = TextIndexer::start(*tree_, *storage_, index_, {});
    ASSERT_TRUE(indexer.ok()) << indexer.status().what();
    indexer_ = std::move(indexer.value());
  }
  void stop() {
    indexer_.reset();
    index_.reset();
  }
  void restart() {
    stop();
    open();
    start();
  }
  void synced() {
    const Status status = indexer_->sync();
    ASSERT_TRUE(status.ok()) << status.what();
    EXPECT_TRUE(index_->complete());
  }

  void change(const std::string& path, const std::string& text) {
    put(path, text);
    indexer_->content_changed(key_of(path));
  }

  std::set<std::string> with_word(const std::string& word) {
    return paths_with(index_->space(), index_->lexical(), word);
  }
  // The path of each passage of the space, so a path comes as often as its file has passages.
  std::multiset<std::string> passages() {
    std::multiset<std::string> paths;
    const auto space = index_->space();
    storage_->read([&](const Snapshot& now) {
      std::vector<store::ObjectId> objects;
      EXPECT_TRUE(now.all_passages(space.id,
                                   [&](const store::Passage& passage) {
                                     objects.push_back(passage.object);
                                     return true;
                                   })
                      .ok());
      for (const store::ObjectId object : objects) {
        std::string path;
        paths.insert(now.path_below(object, kRootDirectory, path).ok() ? path : "-");
      }
    });
    return paths;
  }
  std::string state_of(const std::string& path) {
    const auto row = storage_->document_of(key_of(path));
    if (!row.ok() || !row.value().has_value()) return "none";
    switch (row.value()->state) {
      case store::DocumentState::kPending:
        return "pending";
      case store::DocumentState::kFresh:
        return "fresh";
      case store::DocumentState::kFailed:
        return "failed: " + row.value()->why;
      case store::DocumentState::kSkipped:
        return "skipped: " + row.value()->why;
    }
    return "?";
  }

  std::shared_ptr<TextIndex> index_;
  std::unique_ptr<TextIndexer> indexer_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TESTING_TEXT_INDEXER_FIXTURE_H_
