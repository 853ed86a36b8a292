// Every code point is encoded and decoded again; invalid sequences are refused.
#include "text/unicode.h"

#include <gtest/gtest.h>

namespace vexfs::text {
namespace {

TEST(UnicodeTest, EveryCodePointThereAndBack) {
  for (uint32_t code = 0; code <= 0x10FFFF; ++code) {
    std::string bytes;
    append_utf8(code, bytes);
    const CodePoint point = decode_utf8(bytes + "x");
    if (code >= 0xD800 && code < 0xE000) {
      ASSERT_FALSE(point.valid) << code;
      continue;
    }
    ASSERT_TRUE(point.valid) << code;
    ASSERT_EQ(point.code, code);
    ASSERT_EQ(point.bytes, bytes.size());
  }
}

TEST(UnicodeTest, WhatIsNoCodePoint) {
  for (const char* bytes :
       {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf4\x90\x80\x80", "\xff", "\xe2\x82", "\xe2x\x82"}) {
    const CodePoint point = decode_utf8(bytes);
    EXPECT_FALSE(point.valid) << bytes;
    EXPECT_EQ(point.bytes, 1);
  }
}

}  // namespace
}  // namespace vexfs::text
