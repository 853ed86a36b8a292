// Images are made and opened; every truncation and every damaged header is refused.
#include "lexical/segment.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace vexfs::lexical {
namespace {

// A copy of an image that is aligned, as images are that are mapped at page boundaries.
struct Aligned {
  explicit Aligned(std::string_view image)
      : words((image.size() + 7) / 8 + 1), bytes(image.size()) {
    std::memcpy(words.data(), image.data(), image.size());
  }
  std::span<const std::byte> span() const { return std::as_bytes(std::span(words)).first(bytes); }
  std::vector<uint64_t> words;
  size_t bytes;
};

std::string image() {
  SegmentBuilder builder;
  builder.add_doc({7, 10});
  builder.add_doc({3, 20});
  PostingsWriter cat;
  cat.add({0, 2});
  cat.add({1, 1});
  PostingsWriter dog;
  dog.add({1, 5});
  builder.add_term("cat", 2, cat.bytes());
  builder.add_term("dog", 1, dog.bytes());
  return builder.finish().value();
}

TEST(SegmentTest, ThereAndBack) {
  const Aligned bytes(image());
  const auto segment = Segment::open(bytes.span());
  ASSERT_TRUE(segment.ok()) << segment.status().what();
  ASSERT_EQ(segment.value().docs().size(), 2U);
  EXPECT_EQ(segment.value().docs()[1].slot, 3U);
  ASSERT_EQ(segment.value().terms(), 2U);
  EXPECT_EQ(segment.value().find("dog"), 1U);
  EXPECT_EQ(segment.value().term(1), "dog");
  for (const char* absent : {"", "ca", "cats", "zebra"}) {
    EXPECT_EQ(segment.value().find(absent), 2U) << absent;
  }
  PostingsReader postings = segment.value().postings(0);
  Posting posting;
  ASSERT_TRUE(postings.next(posting));
  EXPECT_EQ(posting.count, 2U);
  ASSERT_TRUE(postings.next(posting));
  EXPECT_EQ(posting.doc, 1U);
  EXPECT_FALSE(postings.next(posting));
}

TEST(SegmentTest, AnEmptyOneIsFine) {
  const Aligned bytes(SegmentBuilder().finish().value());
  const auto segment = Segment::open(bytes.span());
  ASSERT_TRUE(segment.ok());
  EXPECT_EQ(segment.value().terms(), 0U);
  EXPECT_EQ(segment.value().find("x"), 0U);
}

TEST(SegmentTest, TruncationsAndDamageAreTold) {
  const std::string whole = image();
  for (size_t bytes = 0; bytes < whole.size(); ++bytes) {
    EXPECT_EQ(Segment::open(Aligned(std::string_view(whole).substr(0, bytes)).span()).error(),
              EUCLEAN)
        << bytes;
  }
  for (size_t at = 0; at < sizeof(SegmentHeader); ++at) {
    if (at >= 20 && at < 24) continue;  // Reserved.
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
    EXPECT_EQ(Segment::open(Aligned(damaged).span()).error(), EUCLEAN) << at;
  }
}

}  // namespace
}  // namespace vexfs::lexical
