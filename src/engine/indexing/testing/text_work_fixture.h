// TextWorkFixture: for tests, one part of a TextIndexer alone with its TextWork: the test plays the
// other parts.
#ifndef VEXFS_ENGINE_INDEXING_TESTING_TEXT_WORK_FIXTURE_H_
#define VEXFS_ENGINE_INDEXING_TESTING_TEXT_WORK_FIXTURE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/indexing/testing/text_fixture.h"
#include "engine/indexing/text_index.h"
#include "engine/indexing/text_work.h"

namespace vexfs::engine {

class TextWorkFixture : public TextFixture {
 protected:
  void TearDown() override {
    stop();
    if (listens_) storage_->tell_no_more(work_.get());
    work_.reset();
    index_.reset();
    storage_.reset();
  }

  void make_work(EngineOptions options = {}) {
    make_work(kTextSpace, text::make_builtin_embedder(), options);
  }
  void make_work(const char* space, std::shared_ptr<const text::Embedder> embedder,
                 EngineOptions options = {}) {
    auto index = TextIndex::open(*tree_, *storage_, std::move(embedder), true, space);
    ASSERT_TRUE(index.ok()) << index.status().what();
    index_ = std::move(index.value());
    const bool fills = std::string(space) == kNextTextSpace;
    work_ = std::make_shared<TextWork>(*tree_, *storage_, index_, options, fills);
    ASSERT_TRUE(work_->prepare().ok());
  }
  // The storage reports renames and freed slots to the work.
  void listen() {
    storage_->tell(work_);
    listens_ = true;
  }

  // Runs a part in a thread of its own until stop(), which has to come before the part's end.
  template <typename Part>
  void run(Part& part) {
    thread_ = std::thread([&part] { part.run(); });
  }
  void stop() {
    if (work_ != nullptr) {
      work_->stop();
      work_->wake_keeper();
    }
    if (thread_.joinable()) thread_.join();
  }

  template <typename Condition>
  static void wait_for(Condition holds) {
    while (!holds()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  TextJob job_of(const std::string& path) {
    TextJob job;
    job.key = key_of(path);
    return job;
  }
  // What a worker would make of the file: one passage with these words.
  TextPart part_of(const std::string& path, const std::string& text) {
    struct stat stat = {};
    EXPECT_EQ(::fstatat(files_.fd(), path.c_str(), &stat, 0), 0);
    TextPart part;
    part.key = key_of(path);
    part.name = name_in(path);
    part.inode = stat.st_ino;
    part.size = static_cast<uint64_t>(stat.st_size);
    part.mtime_ns = nanoseconds(stat.st_mtim);
    part.passages.push_back({.start = 0, .end = text.size(), .line = 1});
    part.terms.push_back(counter_.count(text, part.name));
    part.vectors.assign(index_->embedder()->dim(), 0.0F);
    part.vectors[0] = 1.0F;
    return part;
  }
  void make_ready(TextPart part) {
    std::vector<TextPart> parts;
    parts.push_back(std::move(part));
    EXPECT_TRUE(work_->ready.push(parts));
    work_->wake_keeper();
  }
  std::optional<store::Document> document(const std::string& path) {
    auto row = storage_->document_of(key_of(path));
    return row.ok() ? std::move(row.value()) : std::nullopt;
  }
  bool is(const std::string& path, store::DocumentState state) {
    const auto row = document(path);
    return row.has_value() && row->state == state;
  }
  std::set<std::string> with_word(const std::string& word) {
    return paths_with(index_->space(), index_->lexical(), word);
  }

  std::shared_ptr<TextIndex> index_;
  std::shared_ptr<TextWork> work_;
  TermCounter counter_;

 private:
  std::thread thread_;
  bool listens_ = false;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TESTING_TEXT_WORK_FIXTURE_H_
