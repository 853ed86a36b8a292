// Documents are put, marked, and forgotten; parts of one follow one another.
#include "engine/storage/documents.h"

#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

using store::DocumentState;

class DocumentsTest : public PartsFixture {
 protected:
  void SetUp() override {
    PartsFixture::SetUp();
    make_space("text", 7);
    (void)files_.make_file("a");
    key_ = key_of("a");
    directory_ = key_of(".");
  }
  void make_space(const char* name, uint64_t embedder) {
    ASSERT_TRUE(parts_->spaces.create(name, {.dim = kDim}, embedder).ok());
  }
  OpenSpace opened(const char* name) { return parts_->spaces.open_handle(name).value(); }

  DocumentPart part_of(uint32_t first_ordinal, size_t passages, bool last) {
    DocumentPart part;
    part.key = key_;
    part.directory = &directory_;
    part.name = "a";
    part.row.state = last ? DocumentState::kFresh : DocumentState::kPending;
    part.row.space = opened("text").id;
    part.row.size = 1;
    part.puts_passages = passages > 0;
    part.first_ordinal = first_ordinal;
    part.last = last;
    part.passages = std::span(ranges_).first(passages);
    part.vectors = vectors_.data();
    return part;
  }
  Status put(const char* space, DocumentPart& part) {
    VEXFS_CHECK_OK(parts_->documents.put(opened(space), {&part, 1}, nullptr));
    return part.status;
  }
  std::optional<store::Document> document() { return parts_->documents.document_of(key_).value(); }

  ObjectKey key_;
  ObjectKey directory_;
  const std::vector<store::Passage> ranges_{8, {.start = 0, .end = 5}};
  const Vector vectors_ = Vector(8 * kDim, 0.5F);
};

TEST_F(DocumentsTest, PartsFollowOneAnother) {
  EXPECT_FALSE(document().has_value());
  DocumentPart first = part_of(0, 3, false);
  ASSERT_TRUE(put("text", first).ok());
  EXPECT_EQ(document()->state, DocumentState::kPending);
  DocumentPart second = part_of(3, 2, true);
  ASSERT_TRUE(put("text", second).ok());
  EXPECT_EQ(document()->state, DocumentState::kFresh);
  EXPECT_EQ(document()->object, object_of(key_));
  std::vector<Slot> slots = first.slots;
  slots.insert(slots.end(), second.slots.begin(), second.slots.end());
  EXPECT_EQ(slots_of(key_, "text"), slots);
  DocumentPart shorter = part_of(0, 1, true);
  ASSERT_TRUE(put("text", shorter).ok());
  EXPECT_EQ(slots_of(key_, "text"), shorter.slots);
  EXPECT_EQ(parts_->documents.count().value().fresh, 1U);
}

TEST_F(DocumentsTest, ARowAloneKeepsThePassages) {
  DocumentPart part = part_of(0, 2, true);
  ASSERT_TRUE(put("text", part).ok());
  DocumentPart row = part_of(0, 0, true);
  row.row.size = 9;
  ASSERT_TRUE(put("text", row).ok());
  EXPECT_EQ(document()->size, 9U);
  EXPECT_EQ(slots_of(key_, "text"), part.slots);
}

TEST_F(DocumentsTest, MarkedOnesArePending) {
  DocumentPart part = part_of(0, 1, true);
  ASSERT_TRUE(put("text", part).ok());
  const ObjectKey unknown = key_of(".");
  const std::array<ObjectKey, 2> keys{unknown, key_};
  ASSERT_TRUE(parts_->documents.set_names({{object_of(key_), 77}}).ok());
  EXPECT_EQ(document()->name_hash, 77U);
  ASSERT_TRUE(parts_->documents.mark_pending(keys).ok());
  EXPECT_EQ(document()->state, DocumentState::kPending);
  ASSERT_TRUE(parts_->documents.set_names({{object_of(key_), 78}}).ok());
  EXPECT_EQ(document()->name_hash, 77U) << "its name will be read again with its words";
}

TEST_F(DocumentsTest, WhatIsPutMakesOldWhatLiesBeside) {
  DocumentPart part = part_of(0, 2, true);
  ASSERT_TRUE(put("text", part).ok());
  make_space("text~", 8);
  DocumentPart beside = part_of(0, 3, true);
  beside.beside = true;
  beside.row.size = 2;
  EXPECT_EQ(put("text~", beside).error(), ESTALE) << "made of another content";
  beside.row.size = 1;
  ASSERT_TRUE(put("text~", beside).ok());
  EXPECT_EQ(document()->space, opened("text~").id);
  ASSERT_TRUE(parts_->documents.take_back(opened("text"), object_of(key_)).ok());
  EXPECT_EQ(document()->space, opened("text").id);
  EXPECT_TRUE(slots_of(key_, "text~").empty());
  EXPECT_EQ(slots_of(key_, "text").size(), 2U);
}

// Parts beside whose document changes in their midst have no end: they go.
TEST_F(DocumentsTest, ABegunPartBesideGoesWithItsDocument) {
  DocumentPart part = part_of(0, 2, true);
  ASSERT_TRUE(put("text", part).ok());
  make_space("text~", 8);
  DocumentPart first = part_of(0, 2, false);
  first.beside = true;
  ASSERT_TRUE(put("text~", first).ok());
  EXPECT_EQ(document()->space, opened("text").id) << "not before the last part";
  ASSERT_TRUE(parts_->documents.mark_pending({&key_, 1}).ok());
  DocumentPart second = part_of(2, 2, true);
  second.beside = true;
  EXPECT_EQ(put("text~", second).error(), ESTALE);
  EXPECT_TRUE(slots_of(key_, "text~").empty());
}

TEST_F(DocumentsTest, RemovedItTakesAllButUsersVectors) {
  DocumentPart part = part_of(0, 2, true);
  ASSERT_TRUE(put("text", part).ok());
  ASSERT_TRUE(set(key_, 1).ok());
  ASSERT_TRUE(parts_->documents.remove(key_).ok());
  EXPECT_FALSE(document().has_value());
  EXPECT_TRUE(slots_of(key_, "text").empty());
  EXPECT_TRUE(has(key_, 1));
  ASSERT_TRUE(parts_->documents.remove(key_).ok()) << "nothing to remove";
}

TEST_F(DocumentsTest, ForgettingLeavesPassages) {
  DocumentPart part = part_of(0, 2, true);
  ASSERT_TRUE(put("text", part).ok());
  const ObjectId object = object_of(key_);
  {
    const MutexLock lock(mutex());
    ASSERT_TRUE(parts_->documents.forget(object).ok());
  }
  EXPECT_FALSE(document().has_value());
  EXPECT_EQ(slots_of(key_, "text"), part.slots);
}

}  // namespace
}  // namespace vexfs::engine
