// A child in the sandbox opens files.
#include "extract/readable_files.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include "extract/testing/captive.h"

namespace vexfs::extract {
namespace {

using ReadableFilesTest = CaptiveTest;

TEST_F(ReadableFilesTest, OpensWhatTheSystemHasAlone) {
  expect_error(0, [] { return error_of(::open("/usr/lib", O_RDONLY | O_DIRECTORY)); });
  if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1) < 0) GTEST_SKIP() << "no Landlock";
  const std::string file = directory_.path("file");
  expect_error(EACCES, [&] { return error_of(::open(file.c_str(), O_RDONLY)); });
  expect_error(EACCES, [] { return error_of(::open("/etc/passwd", O_RDONLY)); });
  expect_error(EACCES, [] { return error_of(::open("/", O_RDONLY | O_DIRECTORY)); });
}

}  // namespace
}  // namespace vexfs::extract
