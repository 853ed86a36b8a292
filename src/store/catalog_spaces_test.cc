// Spaces: adding, renaming, removing, and reading them again.
#include "base/limits.h"
#include "store/testing/catalog_fixture.h"

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
  ASSERT_TRUE(catalog().add_space("clip", given, Filler::kEmbedder, UINT64_MAX).ok());
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  const Space found = catalog().spaces().value().at(0);
  EXPECT_EQ(found.name, "clip");
  EXPECT_EQ(found.filler, Filler::kEmbedder);
  EXPECT_EQ(found.embedder, UINT64_MAX);
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
  EXPECT_EQ(catalog().add_space("x", {.dim = 4}, Filler::kUser, 1).error(), EINVAL);
  EXPECT_EQ(catalog().add_space("x", {.dim = 4}, Filler::kEmbedder).error(), EINVAL);
  EXPECT_EQ(catalog().remove_space(SpaceId{9}).error(), ENOENT);
  EXPECT_EQ(catalog().rename_space(SpaceId{9}, "x").error(), ENOENT);
  EXPECT_EQ(catalog().rename_space(text, "no name").error(), EINVAL);
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

TEST_F(Spaces, OneTakesThePlaceOfAnother) {
  const ObjectId a = file("a");
  const SpaceId old = space("text");
  const SpaceId made = space("text~");
  put(old, a);
  put(made, a);
  EXPECT_EQ(catalog().rename_space(made, "text").error(), EEXIST);
  ASSERT_TRUE(catalog().remove_space(old).ok());
  ASSERT_TRUE(catalog().rename_space(made, "text").ok()) << "nothing was lost by the refusal";
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  ASSERT_EQ(catalog().spaces().value().size(), 1U);
  EXPECT_EQ(space_of(made).name, "text");
  EXPECT_EQ(vectors(made), 1U);
  expect_sound();
}

TEST_F(Spaces, DocumentsMoveFromOneToAnother) {
  const SpaceId one = space("text");
  const SpaceId two = space("text~");
  const auto put_document = [&](const char* name, SpaceId in) {
    Document document;
    document.object = file(name);
    document.state = DocumentState::kFresh;
    document.space = in;
    EXPECT_TRUE(catalog().put_document(document).ok());
    return document.object;
  };
  const ObjectId moved = put_document("moved", two);
  const ObjectId stays = put_document("stays", one);
  EXPECT_EQ(catalog().move_documents(two, SpaceId{9}).error(), ENOENT);
  EXPECT_EQ(catalog().move_documents(SpaceId{9}, one).error(), ENOENT);
  ASSERT_TRUE(catalog().move_documents(two, one).ok());
  ASSERT_TRUE(catalog().remove_space(two).ok());
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  for (const ObjectId object : {moved, stays}) {
    EXPECT_EQ(catalog().document(object).value()->space, one);
    EXPECT_EQ(catalog().document(object).value()->state, DocumentState::kFresh);
  }
  expect_sound();
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
