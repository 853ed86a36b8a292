// CRC-32C by eight tables, and by SSE 4.2's instruction in three interleaved streams.
#include "base/crc32c.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace vexfs {
namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they lie");

using Table = std::array<uint32_t, 256>;

// Polynomials over GF(2), bit-reflected: bit 31 is x^0.
constexpr uint32_t kPolynomial = 0x82f63b78;

constexpr std::array<Table, 8> make_tables() {
  std::array<Table, 8> tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (uint32_t byte = 0; byte < 256; ++byte) {
    for (size_t t = 1; t < 8; ++t) {
      const uint32_t crc = tables[t - 1][byte];
      tables[t][byte] = crc >> 8 ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}

constexpr std::array<Table, 8> kTables = make_tables();  // [t]: a byte, then t bytes of zero.

uint64_t load64(const std::byte* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

constexpr uint32_t multiply(uint32_t a, uint32_t b) {
  uint32_t product = 0;
  for (uint32_t bit = uint32_t{1} << 31; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) product ^= b;
    b = b >> 1 ^ ((b & 1) != 0 ? kPolynomial : 0);
  }
  return product;
}

// x^(8 * zeros). A checksum times this is the checksum with `zeros` bytes of zero behind.
constexpr uint32_t power_of(uint64_t zeros) {
  uint32_t power = uint32_t{1} << 31;   // x^0
  uint32_t square = uint32_t{1} << 23;  // x^8: one byte
  for (; zeros != 0; zeros >>= 1) {
    if ((zeros & 1) != 0) power = multiply(power, square);
    square = multiply(square, square);
  }
  return power;
}

#if defined(__x86_64__)

// [i][byte]: the value that byte i of a checksum has after that many bytes of zero.
constexpr std::array<Table, 4> make_shift(size_t zeros) {
  const uint32_t power = power_of(zeros);
  std::array<Table, 4> shift{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    for (size_t i = 0; i < 4; ++i) shift[i][byte] = multiply(power, byte << (8 * i));
  }
  return shift;
}

constexpr size_t kLongBytes = 4096;  // Of each stream, between two shifts.
constexpr size_t kShortBytes = 256;
constexpr std::array<Table, 4> kLongShift = make_shift(kLongBytes);
constexpr std::array<Table, 4> kShortShift = make_shift(kShortBytes);

uint32_t shifted(const std::array<Table, 4>& shift, uint64_t crc) {
  return shift[0][crc & 0xff] ^ shift[1][crc >> 8 & 0xff] ^ shift[2][crc >> 16 & 0xff] ^
         shift[3][crc >> 24 & 0xff];
}

// Three streams of `kBytes` each, while there are so many.
template <size_t kBytes>
__attribute__((target("sse4.2"))) uint64_t three_streams(const std::array<Table, 4>& shift,
                                                         const std::byte*& at, size_t& left,
                                                         uint64_t crc) {
  while (left >= 3 * kBytes) {
    uint64_t second = 0;
    uint64_t third = 0;
    for (const std::byte* const end = at + kBytes; at != end; at += sizeof(uint64_t)) {
      crc = _mm_crc32_u64(crc, load64(at));
      second = _mm_crc32_u64(second, load64(at + kBytes));
      third = _mm_crc32_u64(third, load64(at + 2 * kBytes));
    }
    crc = shifted(shift, crc) ^ second;
    crc = shifted(shift, crc) ^ third;
    at += 2 * kBytes;
    left -= 3 * kBytes;
  }
  return crc;
}

__attribute__((target("sse4.2"))) uint32_t crc32c_sse42(std::span<const std::byte> bytes,
                                                        uint32_t before) {
  const std::byte* at = bytes.data();
  size_t left = bytes.size();
  uint64_t crc = ~before;
  crc = three_streams<kLongBytes>(kLongShift, at, left, crc);
  crc = three_streams<kShortBytes>(kShortShift, at, left, crc);
  for (; left >= 8; at += 8, left -= 8) crc = _mm_crc32_u64(crc, load64(at));
  auto narrow = static_cast<uint32_t>(crc);
  for (; left > 0; ++at, --left) narrow = _mm_crc32_u8(narrow, static_cast<uint8_t>(*at));
  return ~narrow;
}

#endif

}  // namespace

uint32_t crc32c_portable(std::span<const std::byte> bytes, uint32_t before) {
  const std::byte* at = bytes.data();
  size_t left = bytes.size();
  uint32_t crc = ~before;
  for (; left >= 8; at += 8, left -= 8) {
    const uint64_t word = load64(at) ^ crc;
    crc = 0;
    for (size_t i = 0; i < 8; ++i) crc ^= kTables[7 - i][word >> (8 * i) & 0xff];
  }
  for (; left > 0; ++at, --left) {
    crc = crc >> 8 ^ kTables[0][(crc ^ static_cast<uint32_t>(*at)) & 0xff];
  }
  return ~crc;
}

uint32_t crc32c(std::span<const std::byte> bytes, uint32_t before) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return crc32c_sse42(bytes, before);
#endif
  return crc32c_portable(bytes, before);
}

uint32_t crc32c_joined(uint32_t first, uint32_t second, uint64_t second_bytes) {
  return multiply(power_of(second_bytes), first) ^ second;
}

}  // namespace vexfs
