// The space of text is created once, and passages are read from their files.
#include "engine/indexing/text_index.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "engine/storage/testing/storage_fixture.h"

namespace vexfs::engine {
namespace {

class TextIndexTest : public StorageFixture {
 protected:
  store::ObjectKey write(const std::string& path, const std::string& text) {
    const Fd file = files_.make_file(path);
    EXPECT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    return key_of(path);
  }
  // Puts a document for the file as it is now.
  store::ObjectId put_document(const TextIndex& index, const std::string& path, bool kept = false) {
    struct stat stat = {};
    EXPECT_EQ(::fstatat(files_.fd(), path.c_str(), &stat, 0), 0);
    VectorStorageManager::DocumentPart part;
    part.key = key_of(path);
    part.row.state = store::DocumentState::kFresh;
    part.row.space = index.space().id;
    part.row.size = static_cast<uint64_t>(stat.st_size);
    part.row.mtime_ns = stat.st_mtim.tv_sec * 1'000'000'000 + stat.st_mtim.tv_nsec;
    part.row.text_kept = kept;
    EXPECT_TRUE(storage_->put_documents(index.space(), {&part, 1}).ok());
    EXPECT_TRUE(part.status.ok()) << part.status.what();
    return part.row.object;
  }
};

TEST_F(TextIndexTest, CreatesItsSpaceOnce) {
  EXPECT_EQ(TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), false).error(),
            ENODATA);
  for (int i = 0; i < 2; ++i) {
    const auto index = TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), true);
    ASSERT_TRUE(index.ok()) << index.status().what();
    EXPECT_EQ(index.value()->space().name, "text");
    EXPECT_EQ(index.value()->space().parameters.dim, index.value()->embedder()->dim());
    EXPECT_EQ(index.value()->lexical().size(), 0U);
    EXPECT_FALSE(index.value()->complete());
  }
  EXPECT_TRUE(TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), false).ok());
  EXPECT_EQ(storage_->spaces().size(), 2U);
}

TEST_F(TextIndexTest, ASpaceOfTheUsersIsLeftAlone) {
  ASSERT_TRUE(storage_->create_space("text", {.dim = 256}).ok());
  EXPECT_EQ(TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), true).error(),
            EEXIST);
}

TEST_F(TextIndexTest, VectorsOfAnotherEmbedderAreNotMixedIn) {
  ASSERT_TRUE(storage_->create_space("text", {.dim = 256}, 1).ok());
  EXPECT_EQ(TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), true).error(), EBUSY);
}

TEST_F(TextIndexTest, ReadsPassagesInWholeCharacters) {
  const auto index =
      TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), true).value();
  const store::ObjectKey file = write("a", "one two \u00e4\u20ac\U0001f600.");
  std::string text;
  EXPECT_EQ(index->read_text(file, {}, 3, text).error(), ENODATA);
  put_document(*index, "a");
  ASSERT_TRUE(index->read_text(file, {.start = 4, .end = 7}, 100, text).ok());
  EXPECT_EQ(text, "two");
  const std::map<size_t, size_t> whole = {{0, 0},   {8, 8},   {9, 8},   {10, 10}, {12, 10},
                                          {13, 13}, {16, 13}, {17, 17}, {18, 18}};
  for (const auto& [most, bytes] : whole) {
    ASSERT_TRUE(index->read_text(file, {.start = 0, .end = 18}, most, text).ok());
    EXPECT_EQ(text.size(), bytes) << most;
  }
  ASSERT_TRUE(index->read_text(file, {}, 3, text).ok());
  EXPECT_EQ(text, "one");
  const Fd changed(::openat(files_.fd(), "a", O_WRONLY | O_APPEND));
  ASSERT_EQ(::write(changed.get(), "x", 1), 1);
  EXPECT_EQ(index->read_text(file, {.start = 4, .end = 7}, 100, text).error(), ESTALE);
}

TEST_F(TextIndexTest, ReadsKeptText) {
  const auto index =
      TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), true).value();
  const store::ObjectKey file = write("a", "%PDF");
  const store::ObjectId object = put_document(*index, "a", true);
  std::string text;
  EXPECT_EQ(index->read_text(file, {.start = 0, .end = 4}, 100, text).error(), ENOENT);
  ASSERT_TRUE(storage_->texts().write(object, "what it says").ok());
  ASSERT_TRUE(index->read_text(file, {.start = 5, .end = 7}, 100, text).ok());
  EXPECT_EQ(text, "it");
}

TEST_F(TextIndexTest, UsersCannotFillIt) {
  const auto index =
      TextIndex::open(*tree_, *storage_, text::make_builtin_embedder(), true).value();
  const store::ObjectKey file = write("a", "text");
  const std::vector<float> vector(index->embedder()->dim(), 1.0F);
  EXPECT_EQ(
      storage_->set_vectors(file, "text", std::as_bytes(std::span(vector)), SetMode::kAny).error(),
      EPERM);
  EXPECT_EQ(storage_->remove_vectors(file, "text").error(), EPERM);
}

}  // namespace
}  // namespace vexfs::engine
