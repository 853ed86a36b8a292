// A kept text's front is accepted whole, and refused with any of its bytes changed.
#include "store/text_format.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace vexfs::store {
namespace {

constexpr ObjectId kSeventh{7};

int error_of(const std::vector<std::byte>& front, uint64_t file_bytes) {
  return read_text_front(kSeventh, front, file_bytes).error();
}

TEST(TextFormatTest, AnyLengthOfTextIsTaken) {
  for (const size_t bytes : {size_t{0}, size_t{1}, kTextBlockBytes, kTextBlockBytes + 1,
                             size_t{limits::kExtractedBytesMax}}) {
    const std::string text(bytes, 'x');
    const std::vector<std::byte> front = make_text_front(kSeventh, text);
    EXPECT_EQ(front.size(), text_front_bytes(bytes));
    EXPECT_LE(front.size(), kTextFrontBytesMax);
    const auto read = read_text_front(kSeventh, front, front.size() + bytes);
    ASSERT_TRUE(read.ok()) << bytes;
    EXPECT_EQ(read.value().text_bytes, bytes);
    EXPECT_EQ(read.value().checksums.size(), text_blocks(bytes));
  }
}

TEST(TextFormatTest, EveryByteIsGuarded) {
  const std::string text(40'000, 'x');
  const std::vector<std::byte> front = make_text_front(kSeventh, text);
  const uint64_t file_bytes = front.size() + text.size();
  for (size_t at = 0; at < front.size(); ++at) {
    std::vector<std::byte> damaged = front;
    damaged[at] ^= std::byte{4};
    const int error = error_of(damaged, file_bytes);
    EXPECT_EQ(error, at >= 8 && at < 12 ? ENOTSUP : EUCLEAN) << at;
  }
  EXPECT_EQ(error_of(front, file_bytes - 1), EUCLEAN);
  EXPECT_EQ(error_of(front, file_bytes + 1), EUCLEAN);
  EXPECT_EQ(error_of({front.begin(), front.end() - 1}, file_bytes), EUCLEAN);
  EXPECT_EQ(error_of({front.begin(), front.begin() + 10}, file_bytes), EUCLEAN);
  EXPECT_EQ(read_text_front(ObjectId{8}, front, file_bytes).error(), EUCLEAN) << "another's";
  EXPECT_EQ(error_of(front, file_bytes), 0);
}

}  // namespace
}  // namespace vexfs::store
