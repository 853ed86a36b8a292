// An image comes back as it was written, unless the catalog is older than it.
#include "engine/storage/lexical_images.h"

#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class LexicalImagesTest : public PartsFixture {
 protected:
  void SetUp() override {
    PartsFixture::SetUp();
    ASSERT_TRUE(parts_->spaces.create("text", {.dim = kDim}, 7).ok());
  }
  OpenSpace text() { return parts_->spaces.open_handle("text").value(); }
  store::ChangeNumber last_change() {
    const MutexLock lock(mutex());
    return parts_->store.catalog->last_change();
  }

  const std::vector<std::byte> image_ = bytes_of({random_vector(100, 1)});
};

TEST_F(LexicalImagesTest, ComesBackAfterAStart) {
  EXPECT_EQ(parts_->lexical_images.map(text()).error(), ENOENT);
  (void)make("a");
  const store::ChangeNumber change = last_change();
  ASSERT_TRUE(parts_->lexical_images.write(text(), change, image_).ok());
  open();
  const auto mapped = parts_->lexical_images.map(text());
  ASSERT_TRUE(mapped.ok()) << mapped.status().what();
  EXPECT_EQ(mapped.value().change, change);
  EXPECT_TRUE(std::equal(image_.begin(), image_.end(), mapped.value().bytes.begin(),
                         mapped.value().bytes.end()));
  mapped.value().release();
}

TEST_F(LexicalImagesTest, HoldsNothingThatACrashCouldTakeBack) {
  (void)make("a");
  ASSERT_TRUE(parts_->lexical_images.write(text(), last_change(), image_).ok());
  const MutexLock lock(mutex());
  EXPECT_EQ(parts_->commit.changes_waiting(), 0U);
}

TEST_F(LexicalImagesTest, OneOfANewerCatalogIsNotUsed) {
  ASSERT_TRUE(parts_->lexical_images.write(text(), last_change() + 1, image_).ok());
  EXPECT_EQ(parts_->lexical_images.map(text()).error(), ESTALE);
}

}  // namespace
}  // namespace vexfs::engine
