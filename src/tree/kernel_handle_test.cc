// Tests that handles of files that others remove at the same time answer ESTALE and nothing else.
#include "tree/kernel_handle.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/testing/temporary_directory.h"

namespace vexfs::tree {
namespace {

constexpr int kThreads = 4;
constexpr int kFiles = 3000;

// The errors of opening files that were just removed.
std::set<int> make_and_remove(const TemporaryDirectory& directory, int thread) {
  std::set<int> errors;
  for (int i = 0; i < kFiles; ++i) {
    const std::string name = std::to_string(thread) + "." + std::to_string(i);
    Fd file = directory.create(name.c_str(), {});
    KernelHandle handle;
    int mount = 0;
    const Status named = kernel_handle_of(file.get(), "", handle, mount);
    if (!named.ok()) return {named.error()};
    file.reset();
    EXPECT_EQ(::unlinkat(directory.fd().get(), name.c_str(), 0), 0);
    const Fd fd(open_kernel_handle(directory.fd().get(), handle.handle_type, handle.data,
                                   handle.handle_bytes, O_PATH));
    errors.insert(fd.valid() ? 0 : errno);
  }
  return errors;
}

TEST(KernelHandleTest, AFileThatIsBeingRemovedIsStaleOrThere) {
  const TemporaryDirectory directory;
  std::vector<std::set<int>> errors(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back(
        [&, i] { errors[static_cast<size_t>(i)] = make_and_remove(directory, i); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::set<int>& seen : errors) {
    if (seen.contains(EPERM)) GTEST_SKIP() << "only root may open by handle";
    if (seen.contains(EOPNOTSUPP)) GTEST_SKIP() << "this filesystem has no handles";
    EXPECT_EQ(seen, std::set<int>{ESTALE});
  }
}

}  // namespace
}  // namespace vexfs::tree
