// Tests of the reply buffer: each thread has its own, of the promised size.
#include "fs/reply_buffer.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/limits.h"

namespace vexfs::fs {
namespace {

TEST(ReplyBufferTest, EachThreadHasItsOwnOfTheFullSize) {
  EXPECT_EQ(reply_buffer().data, nullptr);
  ASSERT_TRUE(allocate_reply_buffer().ok());
  const ReplyBuffer own = reply_buffer();
  ASSERT_NE(own.data, nullptr);
  ASSERT_EQ(own.bytes, limits::kDataBytesMax);
  own.data[0] = 1;
  own.data[own.bytes - 1] = 2;
  std::thread other([&] {
    EXPECT_EQ(reply_buffer().data, nullptr);
    ASSERT_TRUE(allocate_reply_buffer().ok());
    EXPECT_NE(reply_buffer().data, own.data);
    free_reply_buffer();
  });
  other.join();
  EXPECT_EQ(reply_buffer().data, own.data);
  free_reply_buffer();
  EXPECT_EQ(reply_buffer().data, nullptr);
}

}  // namespace
}  // namespace vexfs::fs
