// Each passage gets its own vector, however the texts are batched.
#include "engine/indexing/embed_parts.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vexfs::engine {
namespace {

// The first letter decides: a is (1, 0), b is (0, 1), any other is the null vector.
class LetterEmbedder final : public text::Embedder {
 public:
  std::string name() const override { return "letters"; }
  uint32_t dim() const override { return 2; }
  uint64_t fingerprint() const override { return 1; }
  text::PassageOptions passage_options() const override { return {}; }
  size_t batch_max() const override { return 2; }
  Status embed(std::span<const std::string_view> texts, std::span<float> vectors) const override {
    if (texts.size() > 2) return Status(EINVAL, "batch");
    if (failing) return Status(EAGAIN, "unreachable");
    for (size_t i = 0; i < texts.size(); ++i) {
      vectors[2 * i] = texts[i][0] == 'a' ? 1 : 0;
      vectors[2 * i + 1] = texts[i][0] == 'b' ? 1 : 0;
    }
    return {};
  }
  bool failing = false;
};

TextPart part_of(const std::string& text, std::shared_ptr<TextSource> source, bool last = true) {
  TextPart part;
  if (source->text.empty()) source->text = text;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t at = source->text.find(text[i]);
    part.passages.push_back({at, at + 1, 1});
  }
  part.source = std::move(source);
  part.last = last;
  return part;
}

TEST(EmbedPartsTest, FilesAreEmbeddedTogether) {
  LetterEmbedder embedder;
  std::vector<TextPart> parts;
  parts.push_back(part_of("a", std::make_shared<TextSource>()));
  parts.push_back(TextPart());
  parts.back().outcome = TextOutcome::kSkipped;
  const auto source = std::make_shared<TextSource>(TextSource{"abx", {}, 0});
  parts.push_back(part_of("ab", source, false));
  parts.push_back(part_of("x", source));
  embedder.failing = true;
  EXPECT_EQ(embed_parts(embedder, parts).error(), EAGAIN);
  EXPECT_TRUE(parts[0].vectors.empty());
  embedder.failing = false;
  ASSERT_TRUE(embed_parts(embedder, parts).ok());
  EXPECT_EQ(parts[0].vectors, (std::vector<float>{1, 0}));
  EXPECT_TRUE(parts[1].vectors.empty());
  EXPECT_EQ(parts[2].vectors, (std::vector<float>{1, 0, 0, 1}));
  // x has a null vector and gets a unit vector; the last one is of the whole file.
  ASSERT_EQ(parts[3].vectors.size(), 4U);
  const float half = std::sqrt(0.5F);
  EXPECT_FLOAT_EQ(parts[3].vectors[0], half);
  EXPECT_FLOAT_EQ(parts[3].vectors[1], -half);
  EXPECT_FLOAT_EQ(parts[3].vectors[2], half);
  EXPECT_FLOAT_EQ(parts[3].vectors[3], half);
}

TEST(EmbedPartsTest, WordsAloneNeedNoVector) {
  LetterEmbedder embedder;
  std::vector<TextPart> parts;
  parts.push_back(part_of("a", std::make_shared<TextSource>()));
  parts.back().words_only = true;
  embedder.failing = true;
  EXPECT_TRUE(embed_parts(embedder, parts).ok());
}

}  // namespace
}  // namespace vexfs::engine
