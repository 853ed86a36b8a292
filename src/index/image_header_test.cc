// A checkpoint that was written opens again, and an image that contradicts itself does not.
#include "index/image_header.h"

#include <gtest/gtest.h>

#include <cstring>

#include "index/graph.h"
#include "index/testing/test_image.h"
#include "index/testing/test_space.h"

namespace vexfs::index {
namespace {

constexpr uint32_t kRows = 2000;

SpaceParameters space() {
  SpaceParameters parameters;
  parameters.dim = 12;
  parameters.m = 4;  // A quarter of the slots have upper layers.
  return parameters;
}

class ImageTest : public testing::Test {
 protected:
  ImageTest() : test_(space(), kRows + 500) {
    EXPECT_TRUE(test_.index().add(TestSpace::slots(0, kRows), 1).ok());
    EXPECT_TRUE(test_.index().remove(TestSpace::slots(100, 300), 1).ok());
  }
  Result<std::unique_ptr<HnswIndex>> open(GraphImage image) {
    return HnswIndex::open(space(), test_.rows(), std::move(image));
  }
  // Damages the image and opens it. It must be refused, or be sound enough to be searched.
  template <typename Damage>
  bool opens_damaged(Damage damage) {
    TestImage file(test_.index().sections());
    GraphImage image = file.map();
    damage(image);
    Result<std::unique_ptr<HnswIndex>> index = open(std::move(image));
    EXPECT_EQ(file.released, 1);
    EXPECT_TRUE(index.ok() || index.error() == EUCLEAN);
    return index.ok();
  }

  TestSpace test_;
};

uint32_t* words(GraphImage& image, GraphSection section) {
  return reinterpret_cast<uint32_t*>(image.sections[static_cast<uint32_t>(section) - 1].data());
}

ImageHeader& header(GraphImage& image) {
  return *reinterpret_cast<ImageHeader*>(image.sections[0].data());
}

TEST_F(ImageTest, OpensAndAnswersTheSame) {
  const std::vector<float> query = test_.make();
  const std::vector<Neighbor> before = test_.search(query.data(), {.k = 20});
  TestImage file(test_.index().sections());
  Result<std::unique_ptr<HnswIndex>> index = open(file.map());
  ASSERT_TRUE(index.ok()) << index.status().what();
  EXPECT_EQ(file.released, 1);
  EXPECT_EQ(index.value()->size(), test_.index().size());
  test_.replace_index(std::move(index).value());
  const auto same = [&] {
    const std::vector<Neighbor> after = test_.search(query.data(), {.k = 20});
    ASSERT_EQ(after.size(), before.size());
    for (size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].slot, before[i].slot);
  };
  same();
  test_.index().warm();
  same();
  // The opened index can be changed as the written one could.
  EXPECT_TRUE(test_.index().add(TestSpace::slots(kRows, kRows + 500), 2).ok());
  EXPECT_TRUE(test_.index().add(TestSpace::slots(100, 300), 2).ok());
  EXPECT_TRUE(test_.index().remove(TestSpace::slots(1000, 1500), 2).ok());
  EXPECT_GE(test_.recall({.k = 10}), 0.95);
}

TEST_F(ImageTest, AnEmptyIndexIsAnImageToo) {
  TestSpace empty(space(), 10);
  TestImage file(empty.index().sections());
  Result<std::unique_ptr<HnswIndex>> index = open(file.map());
  ASSERT_TRUE(index.ok());
  EXPECT_EQ(index.value()->size(), 0U);
  EXPECT_TRUE(index.value()->add(TestSpace::slots(0, 10), 1).ok());
}

TEST_F(ImageTest, RefusesADamagedHeader) {
  EXPECT_TRUE(opens_damaged([](GraphImage&) {}));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { header(image).magic[0] = 'X'; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { ++header(image).dim; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { ++header(image).m; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { header(image).metric = 2; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { ++header(image).slots_end; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { ++header(image).size; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { ++header(image).upper_rows; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { ++header(image).entry_layer; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { header(image).entry_slot = 100; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { header(image).entry_slot = kRows; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { header(image).entry_slot = kNoLink; }));
}

TEST_F(ImageTest, RefusesSectionsOfOtherSizes) {
  for (size_t i = 0; i < kGraphSections; ++i) {
    EXPECT_FALSE(opens_damaged([i](GraphImage& image) {
      image.sections[i] = image.sections[i].first(image.sections[i].size() - 4);
    }));
    EXPECT_FALSE(opens_damaged([i](GraphImage& image) { image.sections[i] = {}; }));
  }
}

TEST_F(ImageTest, RefusesLinksAndRowsOutOfBounds) {
  for (const uint32_t link : {kRows, kNoLink - 1, 0x80000000U}) {
    EXPECT_FALSE(opens_damaged(
        [link](GraphImage& image) { words(image, GraphSection::kLinks)[777] = link; }));
    EXPECT_FALSE(opens_damaged([link](GraphImage& image) {
      words(image, GraphSection::kUpper)[Graph::kUpperHeaderWords + 1] = link;
    }));
  }
  EXPECT_FALSE(
      opens_damaged([](GraphImage& image) { words(image, GraphSection::kFlags)[5] = 1 << 30; }));
  EXPECT_FALSE(opens_damaged([](GraphImage& image) { words(image, GraphSection::kFlags)[5] = 0; }));
}

TEST_F(ImageTest, RefusesChainsOfUpperRowsThatLeadAstray) {
  const auto upper = [](GraphImage& image, uint32_t row, Graph::UpperHeader word) -> uint32_t& {
    return words(image, GraphSection::kUpper)[row * (Graph::kUpperHeaderWords + 4) + word];
  };
  EXPECT_FALSE(opens_damaged([&](GraphImage& image) { upper(image, 0, Graph::kSlotWord) ^= 1; }));
  EXPECT_FALSE(opens_damaged([&](GraphImage& image) { upper(image, 0, Graph::kLayerWord) += 1; }));
  EXPECT_FALSE(opens_damaged([&](GraphImage& image) { upper(image, 0, Graph::kAboveWord) = 0; }));
  EXPECT_FALSE(
      opens_damaged([&](GraphImage& image) { upper(image, 0, Graph::kAboveWord) = 1 << 20; }));
}

}  // namespace
}  // namespace vexfs::index
