// A small model that is made here, and damaged ones.
#include "text/static_model.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace vexfs::text {
namespace {

// Dimension 4, words "cat" (1 0 0 0) and "dog" (0 2 0 0), one bucket (0 0 3 -3).
std::string small_model() {
  std::string file("VFSEMB1\0", 8);
  const auto append = [&file](const auto& value) {
    file.append(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  for (const uint32_t field : {4U, 2U, 1U, 7U, 4U, 0U, 0U, 0U}) append(field);
  for (const float scale : {1.0F, 2.0F, 1.0F}) append(scale);
  for (const int code : {0x89, 0x88, 0x98, 0x88, 0x88, 0x5b}) {
    append(static_cast<unsigned char>(code));
  }
  return file + "cat\ndog";
}

std::span<const std::byte> bytes_of(const std::string& file) {
  return std::as_bytes(std::span(file.data(), file.size()));
}

TEST(StaticModelTest, AddsTheRowsOfItsWords) {
  const std::string file = small_model();
  const Result<StaticModel> model = StaticModel::open(bytes_of(file));
  ASSERT_TRUE(model.ok()) << model.status().what();
  std::vector<float> sum(4);
  model.value().add("cat", sum);
  EXPECT_EQ(sum, (std::vector<float>{1, 0, 0, 0}));
  model.value().add("dog", sum);
  EXPECT_EQ(sum, (std::vector<float>{1, 2, 0, 0}));
  model.value().add("2026", sum);
  EXPECT_EQ(sum, (std::vector<float>{1, 2, 0, 0})) << "digits alone say nothing";
  model.value().add("unknown", sum);
  EXPECT_EQ(sum[0], 1);
  EXPECT_NEAR(sum[2], 3, 1e-5) << "the mean of n-grams that share one bucket";
  EXPECT_NEAR(sum[3], -3, 1e-5);
}

TEST(StaticModelTest, GivesVectorsOfLengthOneOrNone) {
  const std::string file = small_model();
  const Result<StaticModel> model = StaticModel::open(bytes_of(file));
  ASSERT_TRUE(model.ok());
  std::vector<float> vector(4);
  EXPECT_TRUE(model.value().embed("Cat, dog!", vector));
  EXPECT_NEAR(vector[0] * vector[0] + vector[1] * vector[1], 1, 1e-6);
  EXPECT_FALSE(model.value().embed("12 -- 34", vector));
  EXPECT_EQ(vector, std::vector<float>(4));
  EXPECT_FALSE(model.value().embed("", vector));
}

TEST(StaticModelTest, RefusesEveryTruncationAndContradiction) {
  const std::string whole = small_model();
  for (size_t bytes = 0; bytes < whole.size(); ++bytes) {
    const std::string part = whole.substr(0, bytes);
    EXPECT_EQ(StaticModel::open(bytes_of(part)).error(), EINVAL) << bytes;
  }
  for (size_t field = 0; field < 5; ++field) {
    for (const uint32_t value : {0U, 3U, 1U << 30, UINT32_MAX}) {
      std::string damaged = whole;
      std::memcpy(damaged.data() + 8 + 4 * field, &value, sizeof(value));
      EXPECT_EQ(StaticModel::open(bytes_of(damaged)).error(), EINVAL) << field << ' ' << value;
    }
  }
  std::string words = whole;
  words[words.size() - 4] = '_';  // One word where two should be.
  EXPECT_EQ(StaticModel::open(bytes_of(words)).error(), EINVAL);
  words = whole;
  words.back() = '\n';  // Three.
  EXPECT_EQ(StaticModel::open(bytes_of(words)).error(), EINVAL);
}

TEST(StaticModelTest, OtherBytesAreAnotherModel) {
  const std::string file = small_model();
  std::string other = file;
  other.back() = 'x';
  EXPECT_NE(StaticModel::open(bytes_of(file)).value().fingerprint(),
            StaticModel::open(bytes_of(other)).value().fingerprint());
}

}  // namespace
}  // namespace vexfs::text
