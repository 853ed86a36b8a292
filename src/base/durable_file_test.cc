// Tests of the durable file steps: every failure point in turn, every crash that may follow.
#include "base/durable_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/testing/fault_io.h"
#include "base/testing/temporary_directory.h"

namespace vexfs {
namespace {

using Keep = FaultIo::Keep;
using Fault = FaultIo::Fault;
using Files = std::map<std::string, std::string>;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string content(const TemporaryDirectory& dir, const char* name) {
  const Fd file(::openat(dir.fd().get(), name, O_RDONLY | O_CLOEXEC));
  const Result<std::string> read = read_all(system_io(), file, size_t{1} << 20);
  return read.ok() ? read.value() : "unreadable";
}

std::vector<Files> all_crashes(const FaultIo& io) {
  std::vector<Files> crashes;
  for (const Keep names : {Keep::kSynced, Keep::kAll}) {
    for (const Keep bytes : {Keep::kSynced, Keep::kAll}) {
      crashes.push_back(io.after_crash(names, bytes));
    }
  }
  return crashes;
}

std::vector<FaultIo::FailAt> plans_at(int step) {
  return {
      {.step = step, .fault = Fault::kError, .error = EIO},
      {.step = step, .fault = Fault::kError, .error = EIO, .persistent = true},
      {.step = step, .fault = Fault::kError, .error = ENOSPC},
      {.step = step, .fault = Fault::kError, .error = ENOSPC, .persistent = true},
      {.step = step, .fault = Fault::kShort},
      {.step = step, .fault = Fault::kShort, .persistent = true},
      {.step = step, .fault = Fault::kEintr},
  };
}

const std::string kOld = "the old bytes, which are longer than the new ones";
const std::string kNew = "the new bytes";

TEST(ReplaceFileTest, EveryFailurePointLeavesTheOldFileOrTheNew) {
  int steps_tried = 0;
  bool fired = true;
  for (int step = 0; fired; ++step) {
    for (const FaultIo::FailAt& plan : plans_at(step)) {
      SCOPED_TRACE(testing::Message()
                   << "step " << step << " fault " << static_cast<int>(plan.fault) << " error "
                   << plan.error << " persistent " << plan.persistent);
      TemporaryDirectory dir;
      dir.create("file", kOld);
      FaultIo io(dir.fd().get(), plan);
      const Status status = replace_file(io, dir.fd(), "file", bytes_of(kNew), 0600);

      fired = io.fired();
      if (plan.fault != Fault::kError || !fired) {
        EXPECT_TRUE(status.ok()) << status.what();  // Short counts and signals are no failures.
      } else if (!status.ok()) {
        EXPECT_EQ(status.error(), plan.error);
      }
      const std::string now = content(dir, "file");
      EXPECT_TRUE(now == kOld || now == kNew) << now;
      for (const Files& files : all_crashes(io)) {
        ASSERT_TRUE(files.contains("file"));
        const std::string& survivor = files.at("file");
        if (status.ok()) {
          EXPECT_EQ(survivor, kNew);
        } else {
          EXPECT_TRUE(survivor == kOld || survivor == kNew) << survivor;
        }
      }
      if (!plan.persistent) {
        EXPECT_FALSE(dir.has("file.new"));
      }
    }
    steps_tried = step;
  }
  EXPECT_EQ(steps_tried, 6);  // Unlink, create, write, sync, rename, sync the directory.
}

TEST(ReplaceFileTest, CreatesWithTheModeAndReplacesALeftover) {
  TemporaryDirectory dir;
  dir.create("file.new", "what a crash left, and longer than the new bytes");
  ASSERT_TRUE(replace_file(system_io(), dir.fd(), "file", bytes_of(kNew), 0400).ok());
  EXPECT_EQ(content(dir, "file"), kNew);
  EXPECT_FALSE(dir.has("file.new"));
  struct stat now;
  ASSERT_EQ(::fstatat(dir.fd().get(), "file", &now, 0), 0);
  EXPECT_EQ(now.st_mode & 0777u, 0400u);
  ASSERT_TRUE(replace_file(system_io(), dir.fd(), "file", {}, 0600).ok());
  EXPECT_EQ(content(dir, "file"), "");
}

TEST(ReplaceFileTest, RefusesNamesThatAreNot) {
  TemporaryDirectory dir;
  const auto error = [&](const std::string& name) {
    return replace_file(system_io(), dir.fd(), name, {}, 0600).error();
  };
  EXPECT_EQ(error(""), EINVAL);
  EXPECT_EQ(error("a/b"), EINVAL);
  EXPECT_EQ(error(std::string(limits::kNameBytesMax - 3, 'x')), ENAMETOOLONG);
}

// A log of eight-byte records: what sync_data() acknowledged must survive every crash.
TEST(DurableFileTest, EveryFailurePointKeepsWhatWasAcknowledged) {
  constexpr size_t kRecords = 4;
  const std::string record = "8 bytes.";
  int steps_tried = 0;
  bool fired = true;
  for (int step = 0; fired; ++step) {
    for (const FaultIo::FailAt& plan : plans_at(step)) {
      SCOPED_TRACE(testing::Message()
                   << "step " << step << " fault " << static_cast<int>(plan.fault));
      TemporaryDirectory dir;
      Fd fd = dir.create("log", "");
      FaultIo io(dir.fd().get(), plan);
      DurableFile log(io, std::move(fd));
      size_t acknowledged = 0;
      for (size_t i = 0; i < kRecords; ++i) {
        Status status = log.write_all(bytes_of(record), i * record.size());
        if (status.ok()) status = log.sync_data();
        if (!status.ok()) break;
        acknowledged = i + 1;
      }
      fired = io.fired();
      if (plan.fault != Fault::kError || !fired) {
        EXPECT_EQ(acknowledged, kRecords);
      } else {
        EXPECT_LT(acknowledged, kRecords);
      }
      for (const Files& files : all_crashes(io)) {
        const std::string& survivor = files.at("log");
        ASSERT_GE(survivor.size(), acknowledged * record.size());
        for (size_t i = 0; i < acknowledged; ++i) {
          EXPECT_EQ(survivor.substr(i * record.size(), record.size()), record);
        }
      }
    }
    steps_tried = step;
  }
  EXPECT_EQ(steps_tried, 2 * static_cast<int>(kRecords));
}

TEST(DurableFileTest, TheFirstFailedSyncIsFinal) {
  for (const bool data_only : {true, false}) {
    TemporaryDirectory dir;
    Fd fd = dir.create("log", "");
    FaultIo io(dir.fd().get(), {.step = 1, .error = ENOSPC});
    DurableFile log(io, std::move(fd));
    ASSERT_TRUE(log.write_all(bytes_of("lost"), 0).ok());
    EXPECT_FALSE(log.poisoned());
    EXPECT_EQ((data_only ? log.sync_data() : log.sync()).error(), ENOSPC);
    EXPECT_TRUE(log.poisoned());
    const int steps = io.steps();
    EXPECT_EQ(log.sync().error(), EIO);
    EXPECT_EQ(log.sync_data().error(), EIO);
    EXPECT_EQ(log.write_all(bytes_of("more"), 4).error(), EIO);
    EXPECT_EQ(io.steps(), steps) << "a poisoned file must not be touched again";
  }
}

TEST(DurableFileTest, AFailedWriteMayBeTriedAgain) {
  TemporaryDirectory dir;
  Fd fd = dir.create("log", "");
  FaultIo io(dir.fd().get(), {.step = 0, .error = ENOSPC});
  DurableFile log(io, std::move(fd));
  EXPECT_EQ(log.write_all(bytes_of("again"), 3).error(), ENOSPC);
  EXPECT_FALSE(log.poisoned());
  ASSERT_TRUE(log.write_all(bytes_of("again"), 3).ok());
  ASSERT_TRUE(log.sync().ok());
  EXPECT_EQ(io.after_crash(Keep::kSynced, Keep::kSynced).at("log"), std::string("\0\0\0again", 8));
}

TEST(DurableFileTest, RefusesOffsetsThatOverflow) {
  TemporaryDirectory dir;
  DurableFile log(system_io(), dir.create("log", ""));
  EXPECT_EQ(log.write_all(bytes_of("xy"), UINT64_MAX).error(), EFBIG);
  EXPECT_EQ(log.write_all(bytes_of("xy"), static_cast<uint64_t>(INT64_MAX) - 1).error(), EFBIG);
  EXPECT_TRUE(log.write_all({}, 0).ok());
}

TEST(RenameIntoPlaceTest, AMissingFileIsAnError) {
  TemporaryDirectory dir;
  EXPECT_EQ(rename_into_place(system_io(), dir.fd(), "file.new", "file").error(), ENOENT);
}

TEST(ReadAllTest, ReadsUpToTheBoundAndNotPast) {
  TemporaryDirectory dir;
  for (const size_t size : std::to_array<size_t>({0, 1, 4095, 4096, 4097, 8192, 20000})) {
    const std::string text(size, 'x');
    const Fd file = dir.create("file", text);
    EXPECT_EQ(read_all(system_io(), file, size).value(), text);
    EXPECT_EQ(read_all(system_io(), file, size + 1).value(), text);
    EXPECT_EQ(read_all(system_io(), file, size_t{1} << 40).value(), text);
    if (size > 0) {
      EXPECT_EQ(read_all(system_io(), file, size - 1).error(), EFBIG);
    }
    ASSERT_EQ(::unlinkat(dir.fd().get(), "file", 0), 0);
  }
}

TEST(ReadAllTest, EveryFailurePointIsAnErrorOrTheWholeFile) {
  const std::string text(10000, 'y');
  bool fired = true;
  for (int step = 0; fired; ++step) {
    for (const FaultIo::FailAt& plan : plans_at(step)) {
      TemporaryDirectory dir;
      const Fd file = dir.create("file", text);
      FaultIo io(dir.fd().get(), plan);
      const Result<std::string> read = read_all(io, file, text.size());
      fired = io.fired();
      if (plan.fault == Fault::kError && fired) {
        EXPECT_EQ(read.error(), plan.error);
      } else {
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(read.value(), text);
      }
    }
    ASSERT_LT(step, 100);
  }
}

}  // namespace
}  // namespace vexfs
