// Tests of the names of results: unique, in order, never too long, never cut inside a character.
#include "fs/surface/result_entries.h"

#include <gtest/gtest.h>

#include <set>

#include "base/limits.h"

namespace vexfs::fs {
namespace {

engine::Hit hit_of(std::string path, float score) {
  engine::Hit hit;
  hit.path = std::move(path);
  hit.score = score;
  return hit;
}

TEST(ResultEntriesTest, RankScoreAndName) {
  const std::vector<engine::Hit> hits = {hit_of("travel/passport.md", 0.834F), hit_of("a", 0.5F),
                                         hit_of("deep/er/b", -12.345F)};
  const auto entries = result_entries(hits, "../../../");
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].name, "01_0.83_passport.md");
  EXPECT_EQ(entries[0].target, "../../../travel/passport.md");
  EXPECT_EQ(entries[1].name, "02_0.50_a");
  EXPECT_EQ(entries[2].name, "03_-12.35_b");
  EXPECT_EQ(entries[2].target, "../../../deep/er/b");
  const std::vector<engine::Hit> nothing = {hit_of("a", -1e-8F)};
  EXPECT_EQ(result_entries(nothing, "")[0].name, "01_0.00_a");
}

TEST(ResultEntriesTest, NamesAreUniqueAndSortByRank) {
  std::vector<engine::Hit> hits;
  for (int i = 0; i < 1000; ++i) hits.push_back(hit_of("same", 0.5F));
  const auto entries = result_entries(hits, "");
  std::set<std::string> names;
  for (uint32_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(rank_of(entries[i].name), i + 1);
    EXPECT_TRUE(names.empty() || *names.rbegin() < entries[i].name);
    names.insert(entries[i].name);
  }
  EXPECT_EQ(names.size(), 1000U);
}

TEST(ResultEntriesTest, LongNamesKeepTheirEndingAndWholeCharacters) {
  std::string euros;  // Three bytes each: 252 bytes, and an ending.
  for (int i = 0; i < 83; ++i) euros += "\xe2\x82\xac";
  for (const std::string& name : {std::string(255, 'x'), std::string(251, 'x') + ".txt",
                                  euros + ".md", "a" + euros + ".md", "aa" + euros + ".md"}) {
    const std::vector<engine::Hit> hits = {hit_of("d/" + name, -1234567.0F)};
    const auto entries = result_entries(hits, "../");
    ASSERT_EQ(entries.size(), 1U);
    const std::string& entry = entries[0].name;
    EXPECT_LE(entry.size(), limits::kNameBytesMax);
    EXPECT_GE(entry.size(), limits::kNameBytesMax - 2);
    const size_t dot = name.rfind('.');
    if (dot != std::string::npos) {
      EXPECT_TRUE(entry.ends_with(name.substr(dot))) << entry;
      const std::string front = entry.substr(0, entry.rfind('.'));
      // Every character of `front` is whole: a lead byte of three is followed by two.
      size_t at = front.find('\xe2');
      for (; at != std::string::npos; at = front.find('\xe2', at + 1)) {
        EXPECT_LE(at + 3, front.size()) << entry;
      }
    }
    EXPECT_EQ(entries[0].target, "../d/" + name) << "the target is whole";
  }
}

TEST(ResultEntriesTest, ATargetThatNoSymlinkHoldsIsLeftOut) {
  std::string path = "x";
  while (path.size() < limits::kSymlinkBytesMax) path += "/xxxxxxxx";
  const std::vector<engine::Hit> hits = {hit_of(path, 1), hit_of("short", 0.5F)};
  const auto entries = result_entries(hits, "../../../");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].name, "01_0.50_short");
}

TEST(ResultEntriesTest, RanksOfOtherNames) {
  EXPECT_EQ(rank_of("07_0.5_x"), 7U);
  for (const char* name : {"", "x", "_", "7", "-1_x", "99999999999_x", "7x_"}) {
    EXPECT_EQ(rank_of(name), 0U) << name;
  }
}

}  // namespace
}  // namespace vexfs::fs
