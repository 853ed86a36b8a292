// The maintenance thread is woken once for any number of reasons.
#include "engine/storage/open_store.h"

#include <poll.h>

#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

using OpenStoreTest = PartsFixture;

TEST_F(OpenStoreTest, WakingMakesWorkReadable) {
  const OpenStore& store = parts_->store;
  const auto readable = [&store] {
    pollfd poll_fd{store.work.get(), POLLIN, 0};
    return ::poll(&poll_fd, 1, 0) == 1;
  };
  uint64_t count = 0;
  (void)::read(store.work.get(), &count, sizeof count);
  EXPECT_FALSE(readable());
  store.wake();
  store.wake();
  EXPECT_TRUE(readable());
  ASSERT_EQ(::read(store.work.get(), &count, sizeof count), ssize_t{sizeof count});
  EXPECT_EQ(count, 2U);
  EXPECT_FALSE(readable());
}

}  // namespace
}  // namespace vexfs::engine
