// Tests of CRC-32C: published vectors, and a comparison of the fast and the portable
// implementation.
#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

namespace vexfs {
namespace {

std::span<const std::byte> bytes_in(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::vector<std::byte> noise(size_t bytes) {
  std::mt19937 random(7);
  std::vector<std::byte> out(bytes);
  for (std::byte& byte : out) byte = static_cast<std::byte>(random());
  return out;
}

TEST(Crc32cTest, AgreesWithPublishedVectors) {
  // RFC 3720, B.4, and the check value of the catalogue of CRCs.
  const std::vector<std::byte> zeros(32, std::byte{0});
  const std::vector<std::byte> ones(32, std::byte{0xff});
  std::vector<std::byte> rising;
  for (int i = 0; i < 32; ++i) rising.push_back(static_cast<std::byte>(i));
  const std::vector<std::byte> falling(rising.rbegin(), rising.rend());
  for (auto* function : {&crc32c, &crc32c_portable}) {
    EXPECT_EQ(function({}, 0), 0U);
    EXPECT_EQ(function(bytes_in("123456789"), 0), 0xe3069283U);
    EXPECT_EQ(function(zeros, 0), 0x8a9136aaU);
    EXPECT_EQ(function(ones, 0), 0x62a8ab43U);
    EXPECT_EQ(function(rising, 0), 0x46dd794eU);
    EXPECT_EQ(function(falling, 0), 0x113fdb5cU);
  }
}

TEST(Crc32cTest, EveryLengthAndAlignmentAgreesWithThePortableOne) {
  const std::vector<std::byte> bytes = noise(40000);
  const std::span<const std::byte> all(bytes);
  for (size_t start = 0; start < 9; ++start) {
    for (size_t length = 0; length < 1700; length += 1 + length / 64) {
      const auto part = all.subspan(start, length);
      ASSERT_EQ(crc32c(part, 5), crc32c_portable(part, 5)) << start << " " << length;
    }
  }
  for (const size_t length : {12287U, 12288U, 12289U, 13056U, 24576U, 25345U, 39000U}) {
    ASSERT_EQ(crc32c(all.subspan(3, length)), crc32c_portable(all.subspan(3, length))) << length;
  }
}

TEST(Crc32cTest, ContinuesWhereItStopped) {
  const std::vector<std::byte> bytes = noise(20000);
  const std::span<const std::byte> all(bytes);
  for (const size_t cut : {0U, 1U, 7U, 768U, 12288U, 15000U, 20000U}) {
    EXPECT_EQ(crc32c(all.subspan(cut), crc32c(all.first(cut))), crc32c(all)) << cut;
  }
}

TEST(Crc32cTest, PartsThatWereSummedAloneAreJoined) {
  const std::vector<std::byte> bytes = noise(20000);
  const std::span<const std::byte> all(bytes);
  for (const size_t cut : {0U, 1U, 7U, 768U, 12288U, 15000U, 19999U, 20000U}) {
    const auto rest = all.subspan(cut);
    EXPECT_EQ(crc32c_joined(crc32c(all.first(cut)), crc32c(rest), rest.size()), crc32c(all)) << cut;
  }
}

}  // namespace
}  // namespace vexfs
