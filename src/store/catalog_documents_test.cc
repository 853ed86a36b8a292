// Documents: rows, states and their counts.
#include <cerrno>

#include "base/limits.h"
#include "store/testing/catalog_fixture.h"

namespace vexfs::store {
namespace {

class Documents : public CatalogTest {
 protected:
  SpaceId text_space(std::string_view name = "text") {
    return catalog().add_space(name, {.dim = 4}, Filler::kEmbedder, 5).value().id;
  }
  Status put_document(ObjectId object, DocumentState state, SpaceId space = {}) {
    Document document;
    document.object = object;
    document.state = state;
    document.space = space;
    return catalog().put_document(document);
  }
  // The counts of pending, fresh, failed and skipped documents.
  std::vector<uint64_t> counts() {
    const DocumentCounts counts = catalog().count_documents().value();
    return {counts.pending, counts.fresh, counts.failed, counts.skipped};
  }
  std::vector<ObjectId> in_state(DocumentState state, ObjectId after = kNoObject) {
    std::vector<ObjectId> objects;
    EXPECT_TRUE(catalog()
                    .documents(state, after,
                               [&](const Document& document) {
                                 EXPECT_EQ(document.state, state);
                                 objects.push_back(document.object);
                                 return true;
                               })
                    .ok());
    return objects;
  }
};

using Counts = std::vector<uint64_t>;

TEST_F(Documents, AreWhatWasPut) {
  const SpaceId text = text_space();
  const ObjectId a = file("a");
  EXPECT_FALSE(catalog().document(a).value().has_value());
  Document given;
  given.object = a;
  given.state = DocumentState::kFailed;
  given.space = text;
  given.size = INT64_MAX;
  given.mtime_ns = INT64_MIN;
  given.name_hash = UINT64_MAX;
  given.text_kept = true;
  given.why = std::string(limits::kDocumentWhyBytesMax, 'w');
  ASSERT_TRUE(catalog().put_document(given).ok());
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  const Document found = catalog().document(a).value().value();
  EXPECT_EQ(found.object, a);
  EXPECT_EQ(found.state, DocumentState::kFailed);
  EXPECT_EQ(found.space, text);
  EXPECT_EQ(found.size, given.size);
  EXPECT_EQ(found.mtime_ns, given.mtime_ns);
  EXPECT_EQ(found.name_hash, given.name_hash);
  EXPECT_TRUE(found.text_kept);
  EXPECT_EQ(found.why, given.why);
  EXPECT_EQ(catalog().document_state(a).value(), DocumentState::kFailed);
  EXPECT_EQ(counts(), (Counts{0, 0, 1, 0}));
  expect_sound();
}

TEST_F(Documents, RefuseWhatCannotBe) {
  const ObjectId a = file("a");
  EXPECT_EQ(put_document(ObjectId{99}, DocumentState::kPending).error(), ENOENT);
  EXPECT_EQ(put_document(kRootObject, DocumentState::kPending).error(), EISDIR);
  EXPECT_EQ(put_document(a, DocumentState::kPending, SpaceId{9}).error(), ENOENT);
  EXPECT_EQ(put_document(a, DocumentState::kFresh).error(), EINVAL) << "in no space";
  EXPECT_EQ(put_document(a, DocumentState{0}).error(), EINVAL);
  EXPECT_EQ(put_document(a, DocumentState{5}).error(), EINVAL);
  Document document;
  document.object = a;
  document.why = std::string(limits::kDocumentWhyBytesMax + 1, 'w');
  EXPECT_EQ(catalog().put_document(document).error(), EINVAL);
  document.why.clear();
  document.size = UINT64_MAX;
  EXPECT_EQ(catalog().put_document(document).error(), EINVAL);
  EXPECT_EQ(counts(), (Counts{0, 0, 0, 0}));
  EXPECT_FALSE(catalog().mark_pending(a).value());
  EXPECT_TRUE(catalog().remove_document(a).ok());
  EXPECT_EQ(put_document(a, DocumentState::kPending).error(), 0) << "nothing was lost";
}

TEST_F(Documents, AreCountedByState) {
  const SpaceId text = text_space();
  std::vector<ObjectId> files;
  for (int i = 0; i < 8; ++i) files.push_back(file(std::to_string(i)));
  for (size_t i = 0; i < files.size(); ++i) {
    const auto state = static_cast<DocumentState>(1 + i % 4);
    ASSERT_TRUE(put_document(files[i], state, text).ok());
  }
  EXPECT_EQ(counts(), (Counts{2, 2, 2, 2}));
  ASSERT_TRUE(catalog().commit().ok());
  EXPECT_TRUE(catalog().mark_pending(files[1]).value());
  EXPECT_TRUE(catalog().mark_pending(files[1]).value());
  EXPECT_TRUE(catalog().mark_pending(files[2]).value());
  ASSERT_TRUE(put_document(files[0], DocumentState::kSkipped).ok());
  ASSERT_TRUE(catalog().remove_document(files[3]).ok());
  EXPECT_EQ(counts(), (Counts{3, 1, 1, 2}));
  expect_sound();
  ASSERT_TRUE(catalog().roll_back().ok());
  EXPECT_EQ(counts(), (Counts{2, 2, 2, 2})) << "back with the rows";
  EXPECT_TRUE(catalog().mark_pending(files[5]).value());
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  EXPECT_EQ(counts(), (Counts{3, 1, 2, 2}));
  expect_sound();
}

TEST_F(Documents, ThatAreMarkedKeepAllElse) {
  const SpaceId text = text_space();
  const ObjectId a = file("a");
  Document given;
  given.object = a;
  given.state = DocumentState::kFresh;
  given.space = text;
  given.size = 5;
  given.mtime_ns = 6;
  given.name_hash = 7;
  given.text_kept = true;
  ASSERT_TRUE(catalog().put_document(given).ok());
  ASSERT_TRUE(catalog().mark_pending(a).value());
  const Document found = catalog().document(a).value().value();
  EXPECT_EQ(found.state, DocumentState::kPending);
  EXPECT_EQ(found.space, text);
  EXPECT_EQ(found.size, 5U);
  EXPECT_EQ(found.name_hash, 7U);
  EXPECT_TRUE(found.text_kept);
}

TEST_F(Documents, AreVisitedByStateAndObject) {
  const SpaceId text = text_space();
  std::vector<ObjectId> files;
  for (int i = 0; i < 12; ++i) files.push_back(file(std::to_string(i)));
  for (const size_t i : {11U, 3U, 7U, 0U}) {  // Not in the order of their ids.
    ASSERT_TRUE(put_document(files[i], DocumentState::kPending, text).ok());
    ASSERT_TRUE(put_document(files[i == 0 ? 1 : i - 1], DocumentState::kFresh, text).ok());
  }
  using Objects = std::vector<ObjectId>;
  EXPECT_EQ(in_state(DocumentState::kPending), (Objects{files[0], files[3], files[7], files[11]}));
  EXPECT_EQ(in_state(DocumentState::kPending, files[3]), (Objects{files[7], files[11]}));
  EXPECT_EQ(in_state(DocumentState::kFresh), (Objects{files[1], files[2], files[6], files[10]}));
  EXPECT_EQ(in_state(DocumentState::kFresh, files[6]), Objects{files[10]});
  EXPECT_TRUE(in_state(DocumentState::kFailed).empty());
  size_t visited = 0;
  ASSERT_TRUE(catalog()
                  .documents(DocumentState::kFresh, kNoObject,
                             [&visited](const Document&) { return ++visited < 2; })
                  .ok());
  EXPECT_EQ(visited, 2U);
}

TEST_F(Documents, HoldTheirObjects) {
  const ObjectId a = file("a");
  ASSERT_TRUE(put_document(a, DocumentState::kSkipped).ok());
  EXPECT_EQ(catalog().remove_object(a).error(), EBUSY);
  ASSERT_TRUE(catalog().remove_document(a).ok());
  EXPECT_TRUE(catalog().remove_object(a).ok());
  expect_sound();
}

TEST_F(Documents, OfASpaceThatGoesArePendingAgain) {
  const SpaceId text = text_space();
  const SpaceId next = text_space("text~");
  const ObjectId a = file("a");
  const ObjectId b = file("b");
  const ObjectId c = file("c");
  ASSERT_TRUE(put_document(a, DocumentState::kFresh, text).ok());
  ASSERT_TRUE(put_document(b, DocumentState::kFresh, next).ok());
  ASSERT_TRUE(put_document(c, DocumentState::kSkipped).ok());
  ASSERT_TRUE(catalog().remove_space(text).ok());
  EXPECT_EQ(counts(), (Counts{1, 1, 0, 1}));
  EXPECT_EQ(catalog().document(a).value()->space, SpaceId{});
  EXPECT_EQ(in_state(DocumentState::kPending), std::vector<ObjectId>{a});
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
}

TEST_F(Documents, AReaderSeesWhatTheWriterCommits) {
  const auto reader =
      Catalog::open(system_io(), directory_.fd(), Catalog::Access::kReadOnly).value();
  const ObjectId a = file("a");
  ASSERT_TRUE(put_document(a, DocumentState::kPending).ok());
  EXPECT_EQ(reader->count_documents().value().pending, 0U);
  ASSERT_TRUE(catalog().commit().ok());
  EXPECT_EQ(reader->count_documents().value().pending, 1U);
  EXPECT_EQ(reader->mark_pending(a).error(), EROFS);
  EXPECT_EQ(reader->remove_document(a).error(), EROFS);
}

}  // namespace
}  // namespace vexfs::store
