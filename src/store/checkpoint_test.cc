// Checkpoints are written, mapped, damaged, and meet each failure in turn.
#include "store/checkpoint.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

#include "base/durable_file.h"
#include "base/testing/fault_io.h"
#include "base/testing/temporary_directory.h"
#include "store/directory_names.h"

namespace vexfs::store {
namespace {

using Keep = FaultIo::Keep;

const SpaceParameters kTwentyDims{.dim = 20};

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

// Sections whose contents show to which checkpoint they belong.
Status write(FileIo& io, const TemporaryDirectory& dir, ChangeNumber change) {
  const std::string small = "small " + std::to_string(change);
  const std::string large(1'100'000 + change, static_cast<char>('a' + change % 26));
  const std::string none;
  const std::array<CheckpointSection, 3> sections = {
      CheckpointSection{.number = 1, .bytes = bytes_of(small)},
      CheckpointSection{.number = 2, .bytes = bytes_of(none)},
      CheckpointSection{.number = 5, .bytes = bytes_of(large)}};
  return write_checkpoint(io, dir.fd(), CheckpointKind::kGraph, kTwentyDims, change, sections);
}

// The change of the newest checkpoint, which must be whole; 0 without one.
ChangeNumber newest(const TemporaryDirectory& dir) {
  const Result<MappedCheckpoint> found =
      map_newest_checkpoint(system_io(), dir.fd(), CheckpointKind::kGraph, kTwentyDims);
  if (!found.ok()) {
    EXPECT_EQ(found.error(), ENOENT);
    return 0;
  }
  const MappedCheckpoint& mapped = found.value();
  const std::string small = "small " + std::to_string(mapped.last_change);
  const auto& sections = mapped.sections;
  EXPECT_EQ(sections.size(), 3U);
  EXPECT_EQ(sections[0].number, 1U);
  EXPECT_EQ(sections[0].bytes.size(), small.size());
  EXPECT_EQ(std::memcmp(sections[0].bytes.data(), small.data(), small.size()), 0);
  EXPECT_EQ(sections[1].bytes.size(), 0U);
  EXPECT_EQ(sections[2].bytes.size(), 1'100'000 + mapped.last_change);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(sections[2].bytes.data()) % 4096, 0U);
  EXPECT_EQ(sections[2].bytes.back(), static_cast<std::byte>('a' + mapped.last_change % 26));
  mapped.release();
  return mapped.last_change;
}

TEST(CheckpointTest, TheNewestReplacesTheOthers) {
  const TemporaryDirectory dir;
  EXPECT_EQ(newest(dir), 0U);
  for (const ChangeNumber change : {5U, 9U, 7U}) {
    ASSERT_TRUE(write(system_io(), dir, change).ok());
    EXPECT_EQ(newest(dir), change);
    EXPECT_EQ(directory_names(dir.fd()).value().size(), 1U);
  }
  EXPECT_TRUE(dir.has("graph.3"));
  (void)dir.create("vectors", "");
  ASSERT_TRUE(remove_checkpoints(system_io(), dir.fd(), CheckpointKind::kGraph).ok());
  EXPECT_EQ(directory_names(dir.fd()).value(), std::vector<std::string>{"vectors"});
}

TEST(CheckpointTest, PagesThatAreChangedStayOurs) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(write(system_io(), dir, 1).ok());
  const Result<MappedCheckpoint> mapped =
      map_newest_checkpoint(system_io(), dir.fd(), CheckpointKind::kGraph, kTwentyDims);
  mapped.value().sections[2].bytes[100] = std::byte{0};
  EXPECT_EQ(newest(dir), 1U);
  ASSERT_TRUE(write(system_io(), dir, 2).ok());
  EXPECT_EQ(mapped.value().sections[2].bytes[100], std::byte{0}) << "also when the file is gone";
  EXPECT_EQ(mapped.value().sections[2].bytes[101], std::byte{'b'});
  mapped.value().release();
}

TEST(CheckpointTest, ADamagedOneIsPassedOver) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(write(system_io(), dir, 1).ok());
  ASSERT_EQ(::linkat(dir.fd().get(), "graph.1", dir.fd().get(), "kept", 0), 0);
  ASSERT_TRUE(write(system_io(), dir, 2).ok());
  ASSERT_EQ(::renameat(dir.fd().get(), "kept", dir.fd().get(), "graph.1"), 0);
  EXPECT_EQ(newest(dir), 2U);
  const Fd raw(::openat(dir.fd().get(), "graph.2", O_RDWR | O_CLOEXEC));
  for (const off_t at : {0, 10, 70, 4096, 8192, 1'000'000}) {
    char byte = 0;
    ASSERT_EQ(::pread(raw.get(), &byte, 1, at), 1);
    const auto flipped = static_cast<char>(byte ^ 4);
    ASSERT_EQ(::pwrite(raw.get(), &flipped, 1, at), 1);
    EXPECT_EQ(newest(dir), 1U) << at;
    ASSERT_EQ(::pwrite(raw.get(), &byte, 1, at), 1);
  }
  EXPECT_EQ(newest(dir), 2U);
  for (const off_t size : {1'000'000, 4096, 4095, 0}) {
    ASSERT_EQ(::ftruncate(raw.get(), size), 0);
    EXPECT_EQ(newest(dir), 1U) << size;
  }
}

TEST(CheckpointTest, OtherParametersAndOtherNamesAreNone) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(write(system_io(), dir, 1).ok());
  EXPECT_EQ(
      map_newest_checkpoint(system_io(), dir.fd(), CheckpointKind::kGraph, {.dim = 21}).error(),
      ENOENT);
  (void)dir.create("graph.99.new", "left by a crash");
  (void)dir.create("graph.", "");
  (void)dir.create("graph.18446744073709551615", "");
  (void)dir.create("graph.x", "");
  EXPECT_EQ(newest(dir), 1U);
  ASSERT_TRUE(write(system_io(), dir, 2).ok());
  EXPECT_EQ(directory_names(dir.fd()).value(), std::vector<std::string>{"graph.2"});
}

TEST(CheckpointTest, KindsLeaveEachOtherAlone) {
  const TemporaryDirectory dir;
  const std::string words = "words";
  const std::array<CheckpointSection, 1> sections = {
      CheckpointSection{.number = 1, .bytes = bytes_of(words)}};
  ASSERT_TRUE(write(system_io(), dir, 5).ok());
  for (const ChangeNumber change : {3U, 4U}) {
    ASSERT_TRUE(write_checkpoint(system_io(), dir.fd(), CheckpointKind::kLexical, kTwentyDims,
                                 change, sections)
                    .ok());
  }
  ASSERT_TRUE(write(system_io(), dir, 6).ok());
  EXPECT_EQ(newest(dir), 6U);
  const auto lexical =
      map_newest_checkpoint(system_io(), dir.fd(), CheckpointKind::kLexical, kTwentyDims);
  ASSERT_TRUE(lexical.ok());
  EXPECT_EQ(lexical.value().last_change, 4U);
  EXPECT_EQ(lexical.value().sections.at(0).bytes.size(), words.size());
  lexical.value().release();
  ASSERT_TRUE(remove_checkpoints(system_io(), dir.fd(), CheckpointKind::kGraph).ok());
  EXPECT_EQ(directory_names(dir.fd()).value(), std::vector<std::string>{"lexical.2"});
  ASSERT_EQ(::renameat(dir.fd().get(), "lexical.2", dir.fd().get(), "graph.1"), 0);
  EXPECT_EQ(newest(dir), 0U) << "the name alone makes no graph";
}

TEST(CheckpointTest, EveryFailurePointLeavesTheOldOrTheNew) {
  bool fired = true;
  for (int step = 0; fired; ++step) {
    for (const FaultIo::FailAt& plan :
         {FaultIo::FailAt{.step = step}, FaultIo::FailAt{.step = step, .error = ENOSPC},
          FaultIo::FailAt{.step = step, .fault = FaultIo::Fault::kShort},
          FaultIo::FailAt{.step = step, .persistent = true}}) {
      const TemporaryDirectory dir;
      FaultIo before(dir.fd().get(), {});  // Its syncs do not wait for the disk.
      ASSERT_TRUE(write(before, dir, 1).ok());
      FaultIo io(dir.fd().get(), plan);
      const Status written = write(io, dir, 2);
      fired = io.fired();
      EXPECT_TRUE(fired || written.ok());
      const ChangeNumber now = newest(dir);
      EXPECT_TRUE(now == 2 || (now == 1 && !written.ok())) << step;
      for (const Keep names : {Keep::kSynced, Keep::kAll}) {
        for (const Keep bytes : {Keep::kSynced, Keep::kAll}) {
          const TemporaryDirectory after;
          for (const auto& [name, content] : io.after_crash(names, bytes)) {
            (void)after.create(name.c_str(), content);
          }
          const ChangeNumber survivor = newest(after);
          EXPECT_TRUE(survivor == 2 || (survivor == 1 && !written.ok())) << step;
        }
      }
    }
    ASSERT_LT(step, 100);
  }
}

}  // namespace
}  // namespace vexfs::store
