// Documents follow their files: creation, changes, renames, removal and restarts.
#include "engine/indexing/text_indexer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "engine/indexing/testing/text_indexer_fixture.h"
#include "engine/indexing/text_scan.h"

namespace vexfs::engine {
namespace {

using TextIndexerTest = TextIndexerFixture;

using Paths = std::set<std::string>;

TEST_F(TextIndexerTest, AScanFindsWhatIsThere) {
  files_.make_directory("d");
  files_.make_directory("out");
  files_.make_directory(".git");
  put("a.txt", "Apples are sweet.");
  put("d/b.md", "Pears are sweet too.");
  put("out/c", "apples");
  put(".git/HEAD", "apples");
  put("d/x.log", "apples");
  put(".gitignore", "out/\n*.log\n");
  put("empty", "");
  put("binary", std::string("\0\1\2\3apples\0", 11));
  ASSERT_EQ(::symlinkat("a.txt", files_.fd(), "link"), 0);
  start();
  synced();
  EXPECT_EQ(with_word("apples"), Paths{"a.txt"});
  EXPECT_EQ(with_word("sweet"), (Paths{"a.txt", "d/b.md"}));
  EXPECT_EQ(with_word("md"), Paths{"d/b.md"}) << "words of the name count";
  EXPECT_EQ(state_of("a.txt"), "fresh");
  EXPECT_EQ(state_of("empty"), "fresh");
  EXPECT_NE(state_of("binary"), "fresh") << "whether or not an extractor is installed";
  EXPECT_EQ(state_of("d/x.log"), "none");
  EXPECT_EQ(passages(), (std::multiset<std::string>{".gitignore", "a.txt", "d/b.md"}));
  const store::DocumentCounts counts = storage_->count_documents().value();
  EXPECT_EQ(counts.fresh, 4U);
  EXPECT_EQ(counts.failed + counts.skipped, 1U);
  EXPECT_EQ(counts.pending, 0U);
}

TEST_F(TextIndexerTest, FollowsChanges) {
  start();
  synced();
  change("a", "apples");
  synced();
  EXPECT_EQ(with_word("apples"), Paths{"a"});
  change("a", "pears");
  synced();
  EXPECT_EQ(with_word("apples"), Paths{});
  EXPECT_EQ(with_word("pears"), Paths{"a"});
  rename("a", "plums");
  synced();
  EXPECT_EQ(with_word("pears"), Paths{"plums"});
  EXPECT_EQ(with_word("plums"), Paths{"plums"});
  put(".vexfsignore", "plums\n");
  indexer_->content_changed(key_of("plums"));
  synced();
  EXPECT_EQ(with_word("pears"), Paths{});
  EXPECT_EQ(state_of("plums"), "none");
}

TEST_F(TextIndexerTest, ALongFileHasAPassageForTheWholeOfIt) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "Sentence number " + std::to_string(i) + " is here.\n";
  put("long", text);
  start();
  synced();
  const auto space = index_->space();
  std::vector<store::Passage> all;
  storage_->read([&](const Snapshot& now) {
    const auto object = now.find_object(key_of("long"));
    ASSERT_TRUE(now.passages_of(space.id, object.value()->id,
                                [&](const store::Passage& passage) {
                                  all.push_back(passage);
                                  return true;
                                })
                    .ok());
  });
  ASSERT_GT(all.size(), 64U) << "several parts";
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].ordinal, i);
  EXPECT_EQ(all.back().end, 0U);
  for (size_t i = 0; i + 1 < all.size(); ++i) {
    std::string read;
    ASSERT_TRUE(index_->read_text(key_of("long"), all[i], 100000, read).ok());
    EXPECT_EQ(read, text.substr(all[i].start, all[i].end - all[i].start));
  }
  // The file was young and was read twice: waits until the writer has let go of the first slots.
  ASSERT_TRUE(space.knn->settle(60'000));
  EXPECT_EQ(index_->lexical().size(), all.size() - 1);
  change("long", "short now");
  synced();
  EXPECT_EQ(passages().count("long"), 1U);
  std::string read;
  EXPECT_EQ(index_->read_text(key_of("long"), all[70], 100, read).error(), ESTALE);
}

TEST_F(TextIndexerTest, ARestartReadsOnlyWhatChanged) {
  put("a", "apples");
  put("b", "pears");
  put("gone", "plums");
  start();
  synced();
  stop();
  put("b", "quinces and pears");
  ASSERT_EQ(::unlinkat(files_.fd(), "gone", 0), 0);
  open();
  ASSERT_TRUE(storage_->reconcile().ok());
  start();
  synced();
  EXPECT_EQ(with_word("apples"), Paths{"a"});
  EXPECT_EQ(with_word("quinces"), Paths{"b"});
  EXPECT_EQ(with_word("plums"), Paths{});
  EXPECT_EQ(passages(), (std::multiset<std::string>{"a", "b"}));
}

TEST_F(TextIndexerTest, WordsAreReadAgainWhereTheImageIsGone) {
  put("a", "apples");
  start();
  synced();
  stop();
  storage_.reset();
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(files_.path() + "/.vexfs/spaces/text")) {
    if (entry.path().filename().string().starts_with("lexical")) {
      std::filesystem::remove(entry.path(), error);
    }
  }
  open();
  start();
  synced();
  EXPECT_EQ(with_word("apples"), Paths{"a"});
  EXPECT_EQ(passages(), (std::multiset<std::string>{"a"}));
}

TEST_F(TextIndexerTest, AnUnlinkedFileIsNoLongerFound) {
  put("a", "apples");
  start();
  synced();
  unlink("a");
  for (int tries = 0; tries < 2000 && !passages().empty(); ++tries) {
    (void)storage_->maintain();
    ::usleep(1000);
  }
  EXPECT_TRUE(passages().empty());
  EXPECT_EQ(storage_->count_documents().value(), store::DocumentCounts());
}

TEST_F(TextIndexerTest, ALostRenameIsFoundByTheNextScan) {
  put("a", "apples");
  start();
  synced();
  restart();  // Its words are in an image.
  synced();
  rename("a", "pears");
  synced();
  EXPECT_EQ(with_word("pears"), Paths{"pears"});
  const auto row = storage_->document_of(key_of("pears"));
  EXPECT_NE(row.value()->name_hash, hash_of_name("pears")) << "the image has the old name";
  restart();
  synced();
  EXPECT_EQ(storage_->document_of(key_of("pears")).value()->name_hash, hash_of_name("pears"));
  EXPECT_EQ(with_word("pears"), Paths{"pears"});
}

}  // namespace
}  // namespace vexfs::engine
