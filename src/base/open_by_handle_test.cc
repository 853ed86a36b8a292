// Tests that handles of files that others remove at the same time answer ESTALE and nothing else.
#include "base/open_by_handle.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/testing/temporary_directory.h"

namespace vexfs {
namespace {

constexpr int kThreads = 4;
constexpr int kFiles = 3000;

struct Handle {
  alignas(file_handle) std::byte bytes[sizeof(file_handle) + MAX_HANDLE_SZ];
  file_handle* get() { return reinterpret_cast<file_handle*>(bytes); }
};

// The errors of opening files that were just removed.
std::set<int> make_and_remove(const TemporaryDirectory& directory, int thread) {
  std::set<int> errors;
  for (int i = 0; i < kFiles; ++i) {
    const std::string name = std::to_string(thread) + "." + std::to_string(i);
    Fd file = directory.create(name.c_str(), {});
    Handle handle;
    handle.get()->handle_bytes = MAX_HANDLE_SZ;
    int mount = 0;
    if (::name_to_handle_at(file.get(), "", handle.get(), &mount, AT_EMPTY_PATH) != 0) {
      return {errno};
    }
    file.reset();
    EXPECT_EQ(::unlinkat(directory.fd().get(), name.c_str(), 0), 0);
    const Fd fd(open_by_handle(directory.fd().get(), handle.get(), O_PATH));
    errors.insert(fd.valid() ? 0 : errno);
  }
  return errors;
}

TEST(OpenByHandleTest, AFileThatIsBeingRemovedIsStaleOrThere) {
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
}  // namespace vexfs
