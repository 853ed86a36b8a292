// A scan hands over the files that need reading.
#include "engine/indexing/text_scan.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "engine/indexing/text_index.h"
#include "engine/storage/testing/storage_fixture.h"

namespace vexfs::engine {
namespace {

class TextScanTest : public StorageFixture {
 protected:
  void SetUp() override {
    StorageFixture::SetUp();
    index_ = TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), true).value();
  }
  void put(const std::string& path, const std::string& text) {
    const Fd file(::openat(files_.fd(), path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644));
    ASSERT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  // Puts the document of the file as it is now.
  void index(const std::string& path) {
    struct stat stat = {};
    ASSERT_EQ(::fstatat(files_.fd(), path.c_str(), &stat, 0), 0);
    VectorStorageManager::DocumentPart part;
    part.key = key_of(path);
    part.row.state = store::DocumentState::kFresh;
    part.row.space = index_->space().id;
    part.row.size = static_cast<uint64_t>(stat.st_size);
    part.row.mtime_ns = int64_t{stat.st_mtim.tv_sec} * 1'000'000'000 + stat.st_mtim.tv_nsec;
    part.row.name_hash = hash_of_name(name_in(path));
    ASSERT_TRUE(storage_->put_documents(index_->space(), {&part, 1}).ok());
    ASSERT_TRUE(part.status.ok());
  }
  // The names that were handed over: "?" for a file that comes by its key alone, and "words" after
  // the name where only words are wanted.
  std::multiset<std::string> scan() {
    std::multiset<std::string> names;
    TextScan scan(*tree_, *storage_);
    uint64_t looked_at = 0;
    const Status status = scan.run(
        [&](TextJob job) {
          names.insert((job.directory == nullptr ? "?" : job.name) +
                       (job.words_only ? " words" : ""));
          return true;
        },
        [&](uint64_t files) { looked_at += files; });
    EXPECT_TRUE(status.ok()) << status.what();
    std::atomic<bool> stopping{false};
    EXPECT_EQ(TextScan(*tree_, *storage_).count(stopping).value(), looked_at);
    return names;
  }

  std::shared_ptr<TextIndex> index_;
};

using Names = std::multiset<std::string>;

TEST_F(TextScanTest, HandsOverWhatIsNotAsItsDocumentSays) {
  files_.make_directory("d");
  put("a", "1");
  put("d/b", "2");
  EXPECT_EQ(scan(), (Names{"a", "b"}));
  index("a");
  EXPECT_EQ(scan(), Names{"b"});
  index("d/b");
  EXPECT_EQ(scan(), Names{});
  put("a", "longer");
  EXPECT_EQ(scan(), Names{"a"});
  index("a");
  ASSERT_EQ(::renameat(files_.fd(), "a", files_.fd(), "c"), 0);
  EXPECT_EQ(scan(), Names{"c words"});
}

TEST_F(TextScanTest, DocumentsThatAreNotMetAreHandedOverByTheirKeys) {
  files_.make_directory("d");
  put("d/a", "1");
  index("d/a");
  put(".gitignore", "d\n");
  EXPECT_EQ(scan(), (Names{".gitignore", "?"}));
}

TEST_F(TextScanTest, ManyFilesInSteps) {
  for (int i = 0; i < 300; ++i) put("f" + std::to_string(i), "x");
  EXPECT_EQ(scan().size(), 300U);
}

}  // namespace
}  // namespace vexfs::engine
