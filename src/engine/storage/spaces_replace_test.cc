// A space of texts that takes the place of another: at whatever step it fails, there is the old one
// or the new one, with all that it had.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/testing/failing_io.h"
#include "engine/storage/testing/storage_fixture.h"

namespace vexfs::engine {
namespace {

constexpr uint64_t kOld = 7;
constexpr uint64_t kNew = 8;

class SpacesReplaceTest : public StorageFixture {
 protected:
  using DocumentPart = VectorStorageManager::DocumentPart;

  void make_space(const char* name, uint64_t embedder, uint32_t dim) {
    const Status made = storage_->create_space(name, {.dim = dim}, embedder);
    ASSERT_TRUE(made.ok()) << made.what();
  }
  VectorStorageManager::OpenSpace opened(const char* name) {
    auto space = storage_->open_space(name);
    EXPECT_TRUE(space.ok()) << space.status().what();
    return space.value();
  }
  // The document of a file in a space, with so many passages.
  Status put(const char* space_name, const std::string& path, size_t passages, bool beside = false,
             uint64_t size = 1) {
    const auto space = opened(space_name);
    const Vector vectors(passages * space.parameters.dim, 0.5F);
    const std::vector<store::Passage> ranges(passages, {.start = 0, .end = 5});
    const std::string name = name_in(path);
    DocumentPart part;
    part.key = key_of(path);
    part.name = name;
    part.row.state = store::DocumentState::kFresh;
    part.row.space = space.id;
    part.row.size = size;
    part.puts_passages = true;
    part.beside = beside;
    part.passages = ranges;
    part.vectors = vectors.data();
    VEXFS_CHECK_OK(storage_->put_documents(space, {&part, 1}));
    return part.status;
  }
  void make_document(const std::string& path) {
    (void)make(path);
    const ObjectKey directory = key_of(parent_of(path));
    const auto space = opened("text");
    DocumentPart part;
    part.key = key_of(path);
    part.directory = &directory;
    part.name = path;
    part.row.state = store::DocumentState::kFresh;
    part.row.space = space.id;
    part.row.size = 1;
    ASSERT_TRUE(storage_->put_documents(space, {&part, 1}).ok());
    ASSERT_TRUE(put("text", path, 2).ok());
  }
  size_t passages_in(const char* name, const std::string& path) {
    const auto space = opened(name);
    size_t count = 0;
    storage_->read([&](const Snapshot& now) {
      const auto object = now.find_object(key_of(path)).value();
      if (!object.has_value()) return;
      EXPECT_TRUE(now.passages_of(space.id, object->id,
                                  [&](const store::Passage&) {
                                    ++count;
                                    return true;
                                  })
                      .ok());
    });
    return count;
  }
  store::Document document(const std::string& path) {
    return storage_->document_of(key_of(path)).value().value_or(store::Document());
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const store::Space& space : storage_->spaces()) all.push_back(space.name);
    std::sort(all.begin(), all.end());
    return all;
  }
  void begin() {
    make_space("text", kOld, 4);
    make_document("a");
    make_document("b");
    make_space("text~", kNew, 6);
    ASSERT_TRUE(put("text~", "a", 3, true).ok());
  }
  void expect_sound() {
    storage_->read(
        [](const Snapshot& now) { EXPECT_EQ(now.check().value(), std::vector<std::string>()); });
    for (const store::Space& space : storage_->spaces()) {
      EXPECT_TRUE(opened(space.name.c_str()).knn->settle(60'000));
    }
  }
  // The space `text` is the old one, with all of it, or the new one.
  void expect_old_or_new() {
    uint64_t embedder = 0;
    for (const store::Space& space : storage_->spaces()) {
      if (space.name == "text") embedder = space.embedder;
    }
    ASSERT_TRUE(embedder == kOld || embedder == kNew) << embedder;
    const bool old = embedder == kOld;
    EXPECT_EQ(opened("text").parameters.dim, old ? 4U : 6U);
    EXPECT_EQ(passages_in("text", "a"), old ? 2U : 3U);
    EXPECT_EQ(passages_in("text", "b"), old ? 2U : 0U);
    EXPECT_EQ(document("a").state, store::DocumentState::kFresh);
    EXPECT_EQ(document("b").state,
              old ? store::DocumentState::kFresh : store::DocumentState::kPending);
    if (old) {
      EXPECT_EQ(passages_in("text~", "a"), 3U);
    }
    Vector vector(old ? 4 : 6);
    const auto slots = storage_->slots_of(opened("text"), document("a").object).value();
    for (const Slot slot : slots) {
      EXPECT_TRUE(storage_->read_vector(opened("text"), slot, vector).ok());
    }
    expect_sound();
  }

  FailingIo failing_;
};

TEST_F(SpacesReplaceTest, TheNewOneHasTheName) {
  begin();
  EXPECT_EQ(storage_->replace_space("clip").error(), ENOENT);
  const auto held = opened("text");  // Searches may have it still.
  ASSERT_TRUE(storage_->replace_space("text").ok());
  EXPECT_EQ(names(), (std::vector<std::string>{"clip", "text"}));
  expect_old_or_new();
  EXPECT_EQ(document("a").space, opened("text").id);
  EXPECT_EQ(document("b").space, store::SpaceId{});
  ASSERT_TRUE(put("text", "b", 4).ok()) << "it is filled on as it is";
  open();
  EXPECT_EQ(passages_in("text", "b"), 4U);
  EXPECT_EQ(passages_in("text", "a"), 3U);
  EXPECT_EQ(::faccessat(files_.fd(), ".vexfs/spaces/text~", F_OK, 0), -1);
  make_space("text~", kOld, 4);
  ASSERT_TRUE(put("text~", "a", 2, true).ok());
  ASSERT_TRUE(storage_->replace_space("text").ok()) << "and back";
  EXPECT_EQ(opened("text").parameters.dim, 4U);
  expect_sound();
}

TEST_F(SpacesReplaceTest, DroppedItLeavesAllToTheOther) {
  begin();
  EXPECT_EQ(document("a").space, opened("text~").id);
  ASSERT_TRUE(storage_->drop_space("text~").ok());
  EXPECT_EQ(document("a").space, opened("text").id);
  EXPECT_EQ(document("a").state, store::DocumentState::kFresh);
  EXPECT_EQ(passages_in("text", "a"), 2U);
  expect_sound();
}

// What is put of a document makes old what lies beside.
TEST_F(SpacesReplaceTest, ADocumentIsBesideOnlyAsItIs) {
  begin();
  EXPECT_EQ(put("text~", "b", 3, true, 2).error(), ESTALE) << "another size";
  ASSERT_TRUE(put("text", "a", 1, false, 9).ok());
  EXPECT_EQ(passages_in("text~", "a"), 0U);
  EXPECT_EQ(document("a").space, opened("text").id);
  const ObjectKey b = key_of("b");
  ASSERT_TRUE(storage_->mark_documents_pending({&b, 1}).ok());
  EXPECT_EQ(put("text~", "b", 3, true).error(), ESTALE) << "pending";
  ASSERT_TRUE(put("text", "b", 2).ok());
  ASSERT_TRUE(put("text~", "b", 3, true).ok());
  rename("b", "c");
  EXPECT_EQ(passages_in("text~", "c"), 3U);
  ASSERT_TRUE(storage_->take_back(opened("text"), document("c").object).ok());
  EXPECT_EQ(passages_in("text~", "c"), 0U);
  EXPECT_EQ(passages_in("text", "c"), 2U);
  ASSERT_TRUE(put("text~", "c", 3, true).ok());
  ASSERT_TRUE(storage_->remove_document(key_of("c")).ok());
  EXPECT_EQ(passages_in("text~", "c") + passages_in("text", "c"), 0U);
  expect_sound();
}

TEST_F(SpacesReplaceTest, WhateverFailsThereIsTheOldOrTheNew) {
  for (const bool for_ever : {false, true}) {
    bool fired = true;
    for (int step = 0; fired && !HasFailure(); ++step) {
      SCOPED_TRACE(testing::Message() << "step " << step << (for_ever ? ", for ever" : ""));
      storage_.reset();
      io_ = &failing_;
      failing_.fail_at(-1, false);
      for (const char* path : {"a", "b"}) (void)::unlinkat(files_.fd(), path, 0);
      open();
      ASSERT_TRUE(storage_->reconcile().ok());
      for (const std::string& name : names()) {
        if (name == "clip") continue;
        ASSERT_TRUE(storage_->drop_space(name).ok());
      }
      begin();
      ASSERT_TRUE(storage_->flush().ok());
      failing_.fail_at(step, for_ever);
      const Status replaced = storage_->replace_space("text");
      fired = failing_.fired();
      EXPECT_TRUE(fired || replaced.ok());
      storage_.reset();
      // As after a crash: what the kernel was given is there.
      io_ = &system_io();
      open();
      expect_old_or_new();
      if (replaced.ok()) {
        EXPECT_EQ(names(), (std::vector<std::string>{"clip", "text"}));
      }
      ASSERT_LT(step, 500);
    }
  }
}

// A reader finds the folder under either name.
TEST_F(SpacesReplaceTest, ReadersFindWhatACrashLeft) {
  begin();
  ASSERT_TRUE(storage_->replace_space("text").ok());
  uint32_t id = 0;
  for (const store::Space& space : storage_->spaces()) {
    if (space.name == "text") id = static_cast<uint32_t>(space.id);
  }
  storage_.reset();
  {
    const Fd folder(::openat(files_.fd(), ".vexfs", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    auto catalog = store::Catalog::open(system_io(), folder, store::Catalog::Access::kReadWrite);
    ASSERT_TRUE(catalog.ok()) << catalog.status().what();
    ASSERT_TRUE(catalog.value()->set_mark("swap", id).ok());
    ASSERT_TRUE(catalog.value()->commit().ok());
  }
  ASSERT_EQ(::renameat(files_.fd(), ".vexfs/spaces/text", files_.fd(), ".vexfs/spaces/text~"), 0);
  ASSERT_EQ(::mkdirat(files_.fd(), ".vexfs/spaces/text", 0700), 0);
  open({.read_only = true});
  EXPECT_EQ(passages_in("text", "a"), 3U);
  Vector vector(6);
  const auto slots = storage_->slots_of(opened("text"), document("a").object).value();
  EXPECT_TRUE(storage_->read_vector(opened("text"), slots.at(0), vector).ok());
  open();
  expect_old_or_new();
  EXPECT_EQ(::faccessat(files_.fd(), ".vexfs/spaces/text~", F_OK, 0), -1);
}

}  // namespace
}  // namespace vexfs::engine
