// What the scanner queues, with nobody to read it.
#include "engine/indexing/text_scanner.h"

#include <gtest/gtest.h>

#include "engine/indexing/testing/text_work_fixture.h"

namespace vexfs::engine {
namespace {

class TextScannerTest : public TextWorkFixture {
 protected:
  // Takes that many jobs; their names.
  std::set<std::string> take_names(size_t jobs) {
    std::set<std::string> names;
    for (size_t i = 0; i < jobs; ++i) {
      const std::optional<TextJob> job = work_->queue.take(true);
      names.insert(job.has_value() ? job->name : "-");
      if (job.has_value()) work_->queue.finish(job->key);
    }
    return names;
  }
  store::ObjectId put_fresh(const std::string& path) {
    put(path, "apples");
    const TextPart read = part_of(path, "apples");
    VectorStorageManager::DocumentPart part;
    part.key = read.key;
    part.row.state = store::DocumentState::kFresh;
    part.row.space = index_->space().id;
    part.row.size = read.size;
    part.row.mtime_ns = read.mtime_ns;
    EXPECT_TRUE(storage_->put_documents(index_->space(), {&part, 1}).ok());
    return part.row.object;
  }
};

TEST_F(TextScannerTest, QueuesFilesWithoutDocumentAtEachScan) {
  put("a", "apples");
  put("b", "pears");
  make_work();
  TextScanner scanner(*work_, {});
  scanner.queue_lacking_words();
  run(scanner);
  EXPECT_EQ(take_names(2), (std::set<std::string>{"a", "b"}));
  wait_for([&] { return !work_->progress().scanning; });
  EXPECT_EQ(work_->progress().waiting, 0U);
  put("c", "plums");
  work_->request_scan();
  EXPECT_EQ(take_names(3), (std::set<std::string>{"a", "b", "c"}));
  stop();
}

TEST_F(TextScannerTest, QueuesLackingWordsOfFreshDocuments) {
  make_work();
  const store::ObjectId fresh = put_fresh("a");
  const store::ObjectId pending = put_fresh("b");
  const store::ObjectKey changed = key_of("b");
  ASSERT_TRUE(storage_->mark_documents_pending({&changed, 1}).ok());
  TextScanner scanner(*work_, {fresh, pending});
  scanner.queue_lacking_words();
  const std::optional<TextJob> job = work_->queue.take(false);
  ASSERT_TRUE(job.has_value());
  EXPECT_TRUE(job->words_only);
  EXPECT_EQ(job->object, fresh);
  EXPECT_FALSE(work_->queue.take(false).has_value()) << "the other is read as a whole";
  EXPECT_FALSE(work_->words_are_complete());
  work_->finish_words();
  EXPECT_TRUE(work_->words_are_complete());
}

TEST_F(TextScannerTest, AReadOnlyEngineIsNotScanned) {
  put("a", "apples");
  make_work({.read_only = true});
  TextScanner scanner(*work_, {});
  scanner.queue_lacking_words();
  EXPECT_FALSE(work_->progress().scanning);
  run(scanner);
  stop();
  EXPECT_EQ(work_->queue.size(), 0U);
}

}  // namespace
}  // namespace vexfs::engine
