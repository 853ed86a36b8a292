// An output is whole or not there, at every point of failure.
#include "cli/vectors/output_file.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/testing/fault_io.h"
#include "base/testing/temporary_directory.h"
#include "cli/vectors/testing/temporary_output.h"

namespace vexfs::cli {
namespace {

TEST(OutputFileTest, AppearsWhenClosed) {
  const TemporaryDirectory directory;
  {
    auto file = OutputFile::create(system_io(), path_in(directory, "out"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file.value().append("0123456789").ok());
    ASSERT_TRUE(file.value().rewrite_start("abc").ok());
    ASSERT_TRUE(file.value().append("!").ok());
    EXPECT_FALSE(directory.has("out"));
    ASSERT_TRUE(file.value().close().ok());
  }
  EXPECT_EQ(content_of(path_in(directory, "out")), "abc3456789!");
  EXPECT_FALSE(directory.has("out.new"));
}

TEST(OutputFileTest, LeavesNothingWithoutClose) {
  const TemporaryDirectory directory;
  const Fd old = directory.create("out", "old");
  {
    auto file = OutputFile::create(system_io(), path_in(directory, "out"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file.value().append(std::string(2 * limits::kStreamBufferBytes, 'x')).ok());
    OutputFile moved(std::move(file).value());
  }
  EXPECT_EQ(content_of(path_in(directory, "out")), "old");
  EXPECT_FALSE(directory.has("out.new"));
}

TEST(OutputFileTest, RefusesWhatIsNoFileName) {
  for (const char* name : {"/", "/tmp/", ".", "..", "", "/tmp/.."}) {
    EXPECT_EQ(OutputFile::create(system_io(), name).error(), EISDIR) << name;
  }
  EXPECT_EQ(OutputFile::create(system_io(), "/nowhere/x").error(), ENOENT);
}

Status write_whole(FileIo& io, const std::string& path, const std::string& bytes) {
  VEXFS_TRY(file, OutputFile::create(io, path));
  VEXFS_CHECK_OK(file.append(bytes));
  VEXFS_CHECK_OK(file.rewrite_start("S"));
  return file.close();
}

TEST(OutputFileTest, EveryFailurePointLeavesTheOldFileOrTheNew) {
  using Keep = FaultIo::Keep;
  const std::string bytes(limits::kStreamBufferBytes + 10, 'n');
  bool fired = true;
  for (int step = 0; fired; ++step) {
    const TemporaryDirectory directory;
    (void)directory.create("out", "old");
    FaultIo io(directory.fd().get(), {.step = step, .error = ENOSPC});
    const Status status = write_whole(io, path_in(directory, "out"), bytes);
    fired = io.fired();
    EXPECT_EQ(status.ok(), !fired) << step;
    for (const Keep names : {Keep::kSynced, Keep::kAll}) {
      for (const Keep kept : {Keep::kSynced, Keep::kAll}) {
        const std::string after = io.after_crash(names, kept).at("out");
        EXPECT_TRUE(after == "old" || after == "S" + bytes.substr(1)) << step;
        EXPECT_TRUE(!status.ok() || after != "old") << step;
      }
    }
    (void)::unlinkat(directory.fd().get(), "out.new", 0);
  }
}

}  // namespace
}  // namespace vexfs::cli
