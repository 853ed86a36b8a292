// Tests of spaces.
#include "base/limits.h"
#include "store/catalog_fixture.h"

namespace vexfs::store {
namespace {

using Spaces = CatalogTest;

TEST_F(Spaces, KeepTheirParameters) {
  const SpaceParameters given{.dim = limits::kDimMax,
                              .metric = Metric::kInnerProduct,
                              .element = ElementType::kF16,
                              .m = limits::kMMax,
                              .ef_construction = limits::kEfMax,
                              .ef_search = 77};
  ASSERT_TRUE(catalog().add_space("clip", given, Filler::kEmbedder).ok());
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  const Space found = catalog().spaces().value().at(0);
  EXPECT_EQ(found.name, "clip");
  EXPECT_EQ(found.filler, Filler::kEmbedder);
  EXPECT_EQ(found.parameters.dim, given.dim);
  EXPECT_EQ(found.parameters.metric, given.metric);
  EXPECT_EQ(found.parameters.element, given.element);
  EXPECT_EQ(found.parameters.m, given.m);
  EXPECT_EQ(found.parameters.ef_construction, given.ef_construction);
  EXPECT_EQ(found.parameters.ef_search, 77);
}

TEST_F(Spaces, RefuseWhatCannotBe) {
  const SpaceId text = space("text");
  EXPECT_EQ(catalog().add_space("text", {.dim = 4}, Filler::kUser).error(), EEXIST);
  EXPECT_EQ(catalog().add_space("no name", {.dim = 4}, Filler::kUser).error(), EINVAL);
  EXPECT_EQ(catalog().add_space("x", {.dim = 0}, Filler::kUser).error(), EINVAL);
  EXPECT_EQ(catalog().remove_space(SpaceId{9}).error(), ENOENT);
  EXPECT_EQ(catalog().set_ef_search(SpaceId{9}, 1).error(), ENOENT);
  EXPECT_EQ(catalog().set_ef_search(text, limits::kEfMax + 1).error(), EINVAL);
  EXPECT_TRUE(catalog().set_ef_search(text, 300).ok());
  EXPECT_EQ(space_of(text).parameters.ef_search, 300);
  for (uint32_t i = 1; i < limits::kSpacesMax; ++i) space("s" + std::to_string(i));
  EXPECT_EQ(catalog().add_space("more", {.dim = 4}, Filler::kUser).error(), ENOSPC);
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  EXPECT_EQ(catalog().spaces().value().size(), limits::kSpacesMax);
}

TEST_F(Spaces, GoWithTheirSlotsAndLeaveOthersAlone) {
  const ObjectId a = file("a");
  const SpaceId one = space("one");
  const SpaceId two = space("two");
  put(one, a);
  put(two, a);
  ASSERT_TRUE(catalog().remove_space(one).ok());
  EXPECT_EQ(catalog().passage_of(two, a, 0).value()->slot, Slot{0});
  EXPECT_FALSE(catalog().passage_of(one, a, 0).value().has_value());
  EXPECT_EQ(space("three"), one) << "the lowest id that is free";
  EXPECT_EQ(catalog().last_change(), 2U);
  put(one, a);
  EXPECT_EQ(catalog().last_change(), 3U) << "change numbers go on";
  ASSERT_TRUE(catalog().commit().ok());
  expect_sound();
  reopen();
  EXPECT_EQ(catalog().spaces().value().at(0).name, "three");
}

}  // namespace
}  // namespace vexfs::store
