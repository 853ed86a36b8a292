// Tests of LockRanges: the cases of fcntl(2), and a comparison with a model of one flag a byte.
#include "fs/locks/lock_ranges.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace vexfs::fs {
namespace {

constexpr off_t kLast = LockRange::kLast;

std::string text_of(const LockRanges& ranges) {
  std::string text;
  for (const LockRange& range : ranges) {
    text += range.exclusive ? "w" : "r";
    text += std::to_string(range.start) + "-";
    text += range.last == kLast ? "" : std::to_string(range.last);
    text += " ";
  }
  return text;
}

TEST(LockRangesTest, ANewLockReplacesWhatItCovers) {
  LockRanges ranges;
  ranges.set({0, 9, false});
  ranges.set({20, 29, true});
  ranges.set({40, kLast, false});
  ranges.set({5, 44, true});
  EXPECT_EQ(text_of(ranges), "r0-4 w5-44 r45- ");
}

TEST(LockRangesTest, TheMiddleLeavesTwoPieces) {
  LockRanges ranges;
  ranges.set({0, kLast, true});
  EXPECT_TRUE(ranges.is_split_by(10, 19));
  EXPECT_FALSE(ranges.is_split_by(0, 19));
  EXPECT_FALSE(ranges.is_split_by(10, kLast));
  ranges.clear(10, 19);
  EXPECT_FALSE(ranges.is_split_by(10, 19));
  EXPECT_EQ(text_of(ranges), "w0-9 w20- ");
  ranges.set({30, 30, false});
  EXPECT_EQ(text_of(ranges), "w0-9 w20-29 r30-30 w31- ");
}

TEST(LockRangesTest, TouchingLocksOfOneKindAreOne) {
  LockRanges ranges;
  for (off_t byte = 0; byte < 100; byte += 2) ranges.set({byte, byte, true});
  EXPECT_EQ(ranges.size(), 50U);
  for (off_t byte = 1; byte < 100; byte += 2) ranges.set({byte, byte, true});
  EXPECT_EQ(text_of(ranges), "w0-99 ");
  ranges.set({100, kLast, false});
  EXPECT_EQ(ranges.size(), 2U) << "of two kinds";
  ranges.set({100, kLast, true});
  EXPECT_EQ(text_of(ranges), "w0- ");
}

TEST(LockRangesTest, TheLastByteHasNoNext) {
  LockRanges ranges;
  ranges.set({kLast, kLast, true});
  ranges.set({0, 4, true});
  EXPECT_EQ(ranges.size(), 2U);
  ranges.clear(5, kLast);
  EXPECT_EQ(text_of(ranges), "w0-4 ");
}

TEST(LockRangesTest, SharedLocksConflictWithExclusiveOnes) {
  LockRanges ranges;
  ranges.set({10, 19, false});
  ranges.set({30, 39, true});
  EXPECT_FALSE(ranges.conflict({0, 25, false}));
  EXPECT_TRUE(ranges.conflict({0, 10, true}));
  EXPECT_FALSE(ranges.conflict({0, 9, true}));
  EXPECT_TRUE(ranges.conflict({0, kLast, false}));
  EXPECT_TRUE(ranges.conflict({39, 50, false}));
  EXPECT_FALSE(ranges.conflict({40, kLast, true}));
}

TEST(LockRangesTest, AgreesWithAModelOfBytes) {
  constexpr off_t kBytes = 24;
  std::mt19937 random(7);
  std::uniform_int_distribution<off_t> byte(0, kBytes - 1);
  for (int round = 0; round < 200; ++round) {
    LockRanges ranges;
    std::array<char, kBytes> model;
    model.fill('-');
    for (int step = 0; step < 40; ++step) {
      off_t start = byte(random);
      off_t last = byte(random);
      if (start > last) std::swap(start, last);
      const char kind = "-rw"[random() % 3];
      if (kind == '-') {
        ranges.clear(start, last);
      } else {
        ranges.set({start, last, kind == 'w'});
      }
      for (off_t at = start; at <= last; ++at) model[static_cast<size_t>(at)] = kind;
      std::array<char, kBytes> got;
      got.fill('-');
      for (const LockRange& range : ranges) {
        for (off_t at = range.start; at <= range.last; ++at) {
          ASSERT_EQ(got[static_cast<size_t>(at)], '-') << "disjoint";
          got[static_cast<size_t>(at)] = range.exclusive ? 'w' : 'r';
        }
      }
      ASSERT_EQ(std::string(got.data(), kBytes), std::string(model.data(), kBytes));
      const off_t probe = byte(random);
      ASSERT_EQ(ranges.conflict({probe, probe, false}), model[static_cast<size_t>(probe)] == 'w');
      ASSERT_EQ(ranges.conflict({probe, probe, true}), model[static_cast<size_t>(probe)] != '-');
    }
  }
}

}  // namespace
}  // namespace vexfs::fs
