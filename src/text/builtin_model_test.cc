// The model that is part of the program places related English words near each other.
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "text/static_model.h"

namespace vexfs::text {
namespace {

std::vector<float> embed(const StaticModel& model, std::string_view text) {
  std::vector<float> vector(model.dim());
  EXPECT_TRUE(model.embed(text, vector)) << text;
  return vector;
}

float dot(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0F);
}

TEST(BuiltinModelTest, KnowsWhatIsNear) {
  const StaticModel& model = builtin_model();
  ASSERT_EQ(model.dim(), 256U);
  const auto question = embed(model, "how do I change the owner of a file");
  EXPECT_GT(dot(question, embed(model, "chown - change file owner and group")),
            dot(question, embed(model, "ls - list directory contents")) + 0.1F);
  const auto car = embed(model, "car");
  EXPECT_GT(dot(car, embed(model, "automobile")), dot(car, embed(model, "banana")) + 0.1F);
}

TEST(BuiltinModelTest, GuessesMisspeltWords) {
  const StaticModel& model = builtin_model();
  const auto wrong = embed(model, "authentificationn");
  EXPECT_GT(dot(wrong, embed(model, "authentication")), dot(wrong, embed(model, "banana")));
}

TEST(BuiltinModelTest, HalfAVectorIsAVector) {
  const StaticModel& model = builtin_model();
  const auto half = [&model](std::string_view text) {
    auto vector = embed(model, text);
    vector.resize(128);
    EXPECT_TRUE(StaticModel::normalise(vector));
    return vector;
  };
  EXPECT_GT(dot(half("car"), half("automobile")), dot(half("car"), half("banana")));
}

}  // namespace
}  // namespace vexfs::text
