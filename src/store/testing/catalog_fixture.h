// For tests of the catalog: a catalog in a temporary directory, and short ways to fill it.
#ifndef VEXFS_STORE_TESTING_CATALOG_FIXTURE_H_
#define VEXFS_STORE_TESTING_CATALOG_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/durable_file.h"
#include "base/testing/temporary_directory.h"
#include "store/catalog.h"

namespace vexfs::store {

inline ObjectKey key_named(std::string_view text) {
  ObjectKey key;
  key.bytes = static_cast<uint16_t>(text.size());
  std::memcpy(key.data.data(), text.data(), text.size());
  return key;
}

class CatalogTest : public testing::Test {
 protected:
  void SetUp() override { reopen(); }

  void reopen(Catalog::Access access = Catalog::Access::kReadWrite) {
    catalog_.reset();
    auto opened = Catalog::open(system_io(), directory_.fd(), access);
    ASSERT_TRUE(opened.ok()) << opened.status().what();
    catalog_ = std::move(opened).value();
  }
  Catalog& catalog() { return *catalog_; }

  ObjectId file(std::string_view key) {
    return catalog().add_object(key_named(key), ObjectKind::kFile, 7).value();
  }
  SpaceId space(std::string_view name) {
    return catalog().add_space(name, {.dim = 4}, Filler::kUser).value().id;
  }
  // Puts a passage into a slot of its own.
  Slot put(SpaceId space, ObjectId object, uint32_t ordinal = 0) {
    const Slot slot = catalog().take_slot(space).value();
    EXPECT_TRUE(
        catalog().put_passage(space, {.object = object, .ordinal = ordinal, .slot = slot}).ok());
    return slot;
  }
  void commit_and_sync() {
    ASSERT_TRUE(catalog().commit().ok());
    ASSERT_TRUE(catalog().sync().ok());
  }
  void expect_sound() { EXPECT_EQ(catalog().check().value(), std::vector<std::string>()); }
  Space space_of(SpaceId id) {
    const std::vector<Space> all = catalog().spaces().value();
    for (const Space& space : all) {
      if (space.id == id) return space;
    }
    ADD_FAILURE() << "no such space";
    return {};
  }
  uint32_t vectors(SpaceId id) { return space_of(id).vectors; }
  uint32_t slots_end(SpaceId id) { return space_of(id).slots_end; }

  const TemporaryDirectory directory_;
  std::unique_ptr<Catalog> catalog_;
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_TESTING_CATALOG_FIXTURE_H_
