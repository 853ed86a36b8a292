// Postings are written and read again; broken bytes end them.
#include "lexical/postings.h"

#include <gtest/gtest.h>

#include <vector>

namespace vexfs::lexical {
namespace {

std::vector<Posting> read(const std::string& bytes) {
  std::vector<Posting> found;
  PostingsReader reader(std::as_bytes(std::span(bytes.data(), bytes.size())));
  for (Posting posting; reader.next(posting);) found.push_back(posting);
  return found;
}

TEST(PostingsTest, ThereAndBack) {
  const std::vector<Posting> postings = {
      {0, 1}, {1, 200}, {127, 3}, {1000000, 5}, {UINT32_MAX - 1, 1}};
  PostingsWriter writer;
  for (const Posting& posting : postings) writer.add(posting);
  const auto found = read(writer.bytes());
  ASSERT_EQ(found.size(), postings.size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].doc, postings[i].doc);
    EXPECT_EQ(found[i].count, postings[i].count);
  }
  EXPECT_TRUE(read("").empty());
}

TEST(PostingsTest, BrokenBytesEndThem) {
  EXPECT_TRUE(read("\x80").empty());
  EXPECT_TRUE(read("\x01").empty()) << "half a posting";
  EXPECT_TRUE(read("\xff\xff\xff\xff\xff\x01\x01").empty()) << "more than 32 bits";
  EXPECT_TRUE(read(std::string("\x01\0", 2)).empty()) << "a posting without an occurrence";
  EXPECT_EQ(read(std::string("\xfe\xff\xff\xff\x0f\x01\x01\x01", 8)).size(), 1U)
      << "beyond the last";
}

}  // namespace
}  // namespace vexfs::lexical
