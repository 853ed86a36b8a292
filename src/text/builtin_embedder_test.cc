// The built-in model as an Embedder: batches, texts without a vector, and wrong sizes.
#include <gtest/gtest.h>

#include <cerrno>

#include "base/limits.h"
#include "text/embedder.h"
#include "text/static_model.h"

namespace vexfs::text {
namespace {

TEST(BuiltinEmbedderTest, EmbedsABatchRowByRow) {
  const auto embedder = make_builtin_embedder();
  const std::string_view texts[] = {"passport renewal", " -- ", "tomato soup"};
  std::vector<float> vectors(3 * embedder->dim(), 9.0F);
  ASSERT_TRUE(embedder->embed(texts, vectors).ok());
  std::vector<float> one(embedder->dim());
  ASSERT_TRUE(builtin_model().embed(texts[2], one));
  const std::vector<float> third(vectors.begin() + 2 * embedder->dim(), vectors.end());
  EXPECT_EQ(third, one);
  for (uint32_t i = 0; i < embedder->dim(); ++i) EXPECT_EQ(vectors[embedder->dim() + i], 0);
}

TEST(BuiltinEmbedderTest, RefusesSizesThatDoNotFit) {
  const auto embedder = make_builtin_embedder();
  const std::string_view texts[] = {"a"};
  std::vector<float> vectors(embedder->dim() - 1);
  EXPECT_EQ(embedder->embed(texts, vectors).error(), EINVAL);
  const std::vector<std::string_view> many(embedder->batch_max() + 1, "a");
  vectors.resize(many.size() * embedder->dim());
  EXPECT_EQ(embedder->embed(many, vectors).error(), EINVAL);
}

TEST(BuiltinEmbedderTest, IsTheModelItSays) {
  EXPECT_EQ(make_builtin_embedder()->fingerprint(), builtin_model().fingerprint());
  EXPECT_EQ(make_builtin_embedder()->name(), "builtin");
}

}  // namespace
}  // namespace vexfs::text
