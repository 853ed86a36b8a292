// Words are found, forgotten, and taken over from the image by the next start.
#include "engine/indexing/text_words.h"

#include <gtest/gtest.h>

#include "engine/indexing/testing/text_work_fixture.h"

namespace vexfs::engine {
namespace {

class TextWordsTest : public TextWorkFixture {
 protected:
  // Puts a document of one passage into the catalog; its slot.
  Slot put_passage(const std::string& path) {
    put(path, "text");
    TextPart read = part_of(path, "text");
    store::Passage passage{.start = 0, .end = 4, .line = 1};
    VectorStorageManager::DocumentPart part;
    part.key = read.key;
    part.row.state = store::DocumentState::kFresh;
    part.row.space = index_->space().id;
    part.puts_passages = true;
    part.passages = {&passage, 1};
    part.vectors = read.vectors.data();
    EXPECT_TRUE(storage_->put_documents(index_->space(), {&part, 1}).ok());
    EXPECT_TRUE(part.status.ok());
    return part.slots.at(0);
  }
  PassageTerms terms(const std::string& words) { return counter_.count(words, ""); }
  size_t matches(const TextWords& words, const std::string& word) {
    return words.index().search({.terms = std::vector<std::string>{word}, .most = 10}).size();
  }
  store::ObjectId object_of(const std::string& path) { return document(path)->object; }
};

TEST_F(TextWordsTest, AreFoundAndForgotten) {
  make_work();
  TextWords words(*storage_, index_->space());
  ASSERT_TRUE(words.load().ok());
  EXPECT_EQ(words.changed_bytes(), 0U);
  const Slot slot = put_passage("a");
  ASSERT_TRUE(words.put(slot, terms("zebra")).ok());
  EXPECT_EQ(matches(words, "zebra"), 1U);
  EXPECT_GT(words.changed_bytes(), 0U);
  words.forget({&slot, 1});
  EXPECT_EQ(matches(words, "zebra"), 0U);
}

TEST_F(TextWordsTest, AnImageLacksTheWordsOfLaterPassagesOnly) {
  make_work();
  const Slot first = put_passage("a");
  {
    TextWords words(*storage_, index_->space());
    const auto lacking = words.load();
    ASSERT_TRUE(lacking.ok());
    EXPECT_EQ(lacking.value(), std::vector{object_of("a")});
    ASSERT_TRUE(words.put(first, terms("zebra")).ok());
    const Status written = words.write_image();
    ASSERT_TRUE(written.ok()) << written.what();
    EXPECT_EQ(words.changed_bytes(), 0U);
    EXPECT_EQ(matches(words, "zebra"), 1U) << "from the image";
    words.forget({&first, 1});
    EXPECT_EQ(matches(words, "zebra"), 0U);
  }
  put_passage("b");
  TextWords words(*storage_, index_->space());
  const auto lacking = words.load();
  ASSERT_TRUE(lacking.ok());
  EXPECT_EQ(lacking.value(), std::vector{object_of("b")});
  EXPECT_EQ(matches(words, "zebra"), 1U);
}

TEST_F(TextWordsTest, SlotsWithoutPassageAreNotTakenOver) {
  make_work();
  const Slot slot = put_passage("a");
  {
    TextWords words(*storage_, index_->space());
    ASSERT_TRUE(words.load().ok());
    ASSERT_TRUE(words.put(slot, terms("zebra")).ok());
    ASSERT_TRUE(words.write_image().ok());
  }
  ASSERT_TRUE(storage_->remove_document(key_of("a")).ok());
  TextWords words(*storage_, index_->space());
  const auto lacking = words.load();
  ASSERT_TRUE(lacking.ok());
  EXPECT_TRUE(lacking.value().empty());
  EXPECT_EQ(matches(words, "zebra"), 0U);
}

}  // namespace
}  // namespace vexfs::engine
