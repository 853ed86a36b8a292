// The links of this very process.
#include "fs/daemon/process_links.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::fs {
namespace {

TEST(ProcessLinksTest, FindsWhatIsOpen) {
  const TemporaryDirectory directory;
  const auto find = [&] {
    return find_open_file("/proc/self", [&](const std::string&, const std::string& target) {
      return target == directory.path("file");
    });
  };
  EXPECT_EQ(find(), "");
  const Fd file(::open(directory.path("file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  EXPECT_EQ(find(), "/proc/self/fd/" + std::to_string(file.get()));
  EXPECT_EQ(target_of_link(find()), directory.path("file"));
}

TEST(ProcessLinksTest, WhatCannotBeReadIsEmpty) {
  EXPECT_EQ(target_of_link("/proc/self/nothing"), "");
  EXPECT_EQ(target_of_link("/proc/self"), std::to_string(::getpid()));
  const auto all = [](const std::string&, const std::string&) { return true; };
  EXPECT_EQ(find_open_file("/proc/nobody", all), "");
}

}  // namespace
}  // namespace vexfs::fs
