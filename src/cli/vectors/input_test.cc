// Input is read whole, within its bound, or fails.
#include "cli/vectors/input.h"

#include <gtest/gtest.h>

#include "base/testing/temporary_directory.h"

namespace vexfs::cli {
namespace {

TEST(InputTest, ReadsAllUpToTheBound) {
  const TemporaryDirectory directory;
  const std::string bytes(200000, 'x');
  (void)directory.create("in", bytes);
  const std::string path = "/proc/self/fd/" + std::to_string(directory.fd().get()) + "/in";
  EXPECT_EQ(read_input(path, bytes.size()).value(), bytes);
  EXPECT_EQ(read_input(path, bytes.size() - 1).error(), EFBIG);
  EXPECT_EQ(read_input(path + "2", 10).error(), ENOENT);
  EXPECT_EQ(read_input("/", 10).error(), EISDIR);
}

}  // namespace
}  // namespace vexfs::cli
